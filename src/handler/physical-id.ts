import type { CustomResourceRequest } from './request';

// Never change these IDs: stacks that are rolling back, or in ROLLBACK_FAILED or DELETE_FAILED, may hold them.

/** The physical ID of a resource whose Create changed nothing: the Delete that CloudFormation sends next has nothing to clean up. */
export const NEVER_CREATED = 'PinpointEventStream::NEVER_CREATED';

/** The physical ID of a resource whose Create failed after a Put that may have taken effect, or may yet: the Delete that follows looks for it. */
export const OUTCOME_UNKNOWN = 'PinpointEventStream::OUTCOME_UNKNOWN';

/** The physical ID of a request that succeeded. */
export function physicalIdAfterSuccess(request: CustomResourceRequest): string {
  return request.RequestType === 'Delete' ? request.PhysicalResourceId : request.ResourceProperties.ApplicationId;
}

/**
 * The physical ID of a request that failed: the old one where there is one,
 * so that CloudFormation neither deletes nor replaces anything because of it.
 *
 * @param mayHaveChanged whether a Put of unknown outcome may have changed what was there, or may yet
 */
export function physicalIdAfterFailure(request: CustomResourceRequest, mayHaveChanged: boolean): string {
  if (request.RequestType !== 'Create') {
    return request.PhysicalResourceId;
  }
  return mayHaveChanged ? OUTCOME_UNKNOWN : NEVER_CREATED;
}
