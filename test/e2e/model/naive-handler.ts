import type { Handler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';
import { EventStreamApi } from '../../../src/handler/event-stream-api';
import { send } from '../../../src/handler/response';

/** What a sample would do: it sets on Create and Update, deletes on Delete, and looks at nothing. */
export function newNaiveHandler(clock: Clock): Handler {
  return async ({ StackId, RequestId, LogicalResourceId, ResponseURL, ...request }) => {
    const api = new EventStreamApi();
    const { ApplicationId } = request.ResourceProperties;
    const failure = await (request.RequestType === 'Delete' ? api.delete(ApplicationId) : api.put(ApplicationId, request.ResourceProperties))
      .then(() => undefined, (error: Error) => error.message);
    await send(ResponseURL, {
      Status: failure === undefined ? 'SUCCESS' : 'FAILED',
      Reason: failure,
      PhysicalResourceId: ApplicationId,
      StackId,
      RequestId,
      LogicalResourceId,
    }, clock);
  };
}
