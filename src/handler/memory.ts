import type { EventStreamProperties } from './protocol';
import type { CustomResourceRequest } from './request';

/** CloudFormation rolls back within seconds. After that, the same change may be under way again in another environment. */
const JUST_NOW_MS = 60_000;

/** How a change ended, once no call of it is under way. */
export type Ending = 'SUCCESS' | 'FAILED';

/** What an execution environment remembers of the requests that it served. */
export class Memory {
  private readonly answered = new Set<string>();
  private lastEnding?: { readonly change: string; readonly ending: Ending; readonly at: number };

  /** Lambda may deliver a request twice. If an Update ran a second time, it would undo its own rollback. */
  public hasAnswered({ RequestId }: CustomResourceRequest): boolean {
    return this.answered.has(RequestId);
  }

  public rememberAnswered({ RequestId }: CustomResourceRequest): void {
    this.answered.add(RequestId);
  }

  /** Ignores a Delete, which CloudFormation does not roll back. */
  public rememberEnding(request: CustomResourceRequest, ending: Ending, now: number): void {
    if (request.RequestType === 'Delete') {
      return;
    }
    this.lastEnding = { change: changeOf(request, request.ResourceProperties), ending, at: now };
  }

  /** How the change that an update rolls back has just ended here. Undefined if it may still be under way. */
  public endingOfChange(request: CustomResourceRequest, now: number): Ending | undefined {
    return request.RequestType === 'Update' && this.lastEnding && now - this.lastEnding.at < JUST_NOW_MS
      && this.lastEnding.change === changeOf(request, request.OldResourceProperties) ? this.lastEnding.ending : undefined;
  }
}

function changeOf({ StackId, LogicalResourceId }: CustomResourceRequest, properties: Partial<EventStreamProperties> | undefined): string {
  return JSON.stringify([StackId, LogicalResourceId, properties?.ApplicationId, properties?.DestinationStreamArn, properties?.RoleArn]);
}
