import type { Handler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';
import { EventStreamApi } from '../../../src/handler/event-stream-api';
import { send } from '../../../src/handler/response';

/** What a sample would do: it sets on Create and Update, deletes on Delete, and looks at nothing. */
export function newNaiveHandler(clock: Clock): Handler {
  return async (request) => {
    const { StackId, RequestId, LogicalResourceId, RequestType, ResourceProperties: properties } = request;
    const api = new EventStreamApi();
    const failure = await (RequestType === 'Delete' ? api.delete(properties.ApplicationId) : api.put(properties.ApplicationId, properties))
      .then(() => undefined, (error: Error) => error.message);
    await send(request, {
      Status: failure === undefined ? 'SUCCESS' : 'FAILED',
      Reason: failure,
      PhysicalResourceId: properties.ApplicationId,
      StackId,
      RequestId,
      LogicalResourceId,
    }, clock);
  };
}
