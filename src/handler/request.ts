import { EventStreamProperties } from './protocol';

/**
 * A request as CloudFormation sends it to a custom resource.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
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
 * When CloudFormation made the request, to the second, by the date for which it signed the URL of the answer.
 *
 * @returns undefined where the URL carries no such date, which AWS does not document
 */
export function requestDate({ ResponseURL }: CustomResourceRequest): Date | undefined {
  const date = /[?&]X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(ResponseURL);
  if (!date) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second] = date;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
