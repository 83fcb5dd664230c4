// For the Provider framework, which answers CloudFormation; the SDK is that of the Lambda runtime.

const { DeleteEventStreamCommand, PinpointClient, PutEventStreamCommand } = require('@aws-sdk/client-pinpoint');

const pinpoint = new PinpointClient();

exports.handler = async ({ RequestType, PhysicalResourceId, ResourceProperties: { ApplicationId, DestinationStreamArn, RoleArn } }) => {
  if (RequestType === 'Delete') {
    await pinpoint.send(new DeleteEventStreamCommand({ ApplicationId: PhysicalResourceId }));
  } else {
    await pinpoint.send(new PutEventStreamCommand({ ApplicationId, WriteEventStream: { DestinationStreamArn, RoleArn } }));
  }
  return { PhysicalResourceId: ApplicationId };
};
