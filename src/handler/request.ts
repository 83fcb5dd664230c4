import { EventStreamProperties } from './protocol';

/**
 * A request as CloudFormation sends it to a custom resource.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export type CustomResourceRequest = CreateRequest | UpdateRequest | DeleteRequest;

interface CommonRequest {
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceProperties: EventStreamProperties;
}

export interface CreateRequest extends CommonRequest {
  readonly RequestType: 'Create';
}

export interface UpdateRequest extends CommonRequest {
  readonly RequestType: 'Update';
  readonly PhysicalResourceId: string;
  readonly OldResourceProperties: EventStreamProperties;
}

export interface DeleteRequest extends CommonRequest {
  readonly RequestType: 'Delete';
  readonly PhysicalResourceId: string;
}

/**
 * When CloudFormation made the request, in milliseconds since the epoch, accurate to a second: the date in its signed response URL.
 *
 * @returns undefined if the URL has no such date. AWS does not document that it has one
 */
export function requestedAt({ ResponseURL }: CustomResourceRequest): number | undefined {
  const date = /[?&]X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(ResponseURL);
  if (!date) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second] = date;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** What identifies the request in every line of the log. */
export function logContextOf({ RequestType, RequestId, StackId, LogicalResourceId }: CustomResourceRequest): Record<string, unknown> {
  return { requestType: RequestType, requestId: RequestId, stackId: StackId, logicalId: LogicalResourceId };
}
