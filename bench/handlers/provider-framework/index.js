// Sets or deletes; the framework answers CloudFormation.

const { DeleteEventStreamCommand, PinpointClient, PutEventStreamCommand } = require('@aws-sdk/client-pinpoint');

const pinpoint = new PinpointClient();

exports.handler = async ({ RequestType, ResourceProperties: { ApplicationId, DestinationStreamArn, RoleArn } }) => {
  if (RequestType === 'Delete') {
    await pinpoint.send(new DeleteEventStreamCommand({ ApplicationId }));
  } else {
    await pinpoint.send(new PutEventStreamCommand({ ApplicationId, WriteEventStream: { DestinationStreamArn, RoleArn } }));
  }
  return { PhysicalResourceId: ApplicationId };
};
