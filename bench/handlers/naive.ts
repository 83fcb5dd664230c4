import { DeleteEventStreamCommand, PinpointClient, PutEventStreamCommand } from '@aws-sdk/client-pinpoint';

/** As a sample would have it: sets or deletes, and answers. */

const pinpoint = new PinpointClient();

export async function handler(event: any): Promise<void> {
  const { ApplicationId, DestinationStreamArn, RoleArn } = event.ResourceProperties;
  let outcome: object = { Status: 'SUCCESS' };
  try {
    if (event.RequestType === 'Delete') {
      await pinpoint.send(new DeleteEventStreamCommand({ ApplicationId }));
    } else {
      await pinpoint.send(new PutEventStreamCommand({ ApplicationId, WriteEventStream: { DestinationStreamArn, RoleArn } }));
    }
  } catch (error) {
    outcome = { Status: 'FAILED', Reason: (error as Error).message };
  }
  const { StackId, RequestId, LogicalResourceId } = event;
  await fetch(event.ResponseURL, {
    method: 'PUT',
    body: JSON.stringify({ ...outcome, PhysicalResourceId: ApplicationId, StackId, RequestId, LogicalResourceId }),
  });
}
