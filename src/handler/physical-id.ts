import type { CustomResourceRequest } from './request';

// Never change these IDs: stacks that are rolling back, or are in ROLLBACK_FAILED or DELETE_FAILED, may contain them.

/** The physical ID after a Create that changed nothing: the Delete that CloudFormation sends next has nothing to clean up. */
export const NEVER_CREATED = 'PinpointEventStream::NEVER_CREATED';

/** The physical ID after a Create that failed although a Put of it may take effect: the Delete that follows looks for what it set. */
export const OUTCOME_UNKNOWN = 'PinpointEventStream::OUTCOME_UNKNOWN';

/** The physical ID of a request that succeeded. */
export function physicalIdAfterSuccess(request: CustomResourceRequest): string {
  return request.RequestType === 'Delete' ? request.PhysicalResourceId : request.ResourceProperties.ApplicationId;
}

/**
 * The physical ID of a request that failed: the old one if there is one, so that CloudFormation neither deletes nor replaces anything.
 *
 * @param mayHaveChanged whether a Put of unknown outcome may have changed the event stream, or may still change it
 */
export function physicalIdAfterFailure(request: CustomResourceRequest, mayHaveChanged: boolean): string {
  if (request.RequestType !== 'Create') {
    return request.PhysicalResourceId;
  }
  return mayHaveChanged ? OUTCOME_UNKNOWN : NEVER_CREATED;
}
