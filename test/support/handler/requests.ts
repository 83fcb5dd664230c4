import { secondsFromStart } from './fake-clock';
import type { EventStream, Setting } from '../../../src/handler/event-stream';
import type { EventStreamProperties } from '../../../src/handler/protocol';
import type { CreateRequest, DeleteRequest, UpdateRequest } from '../../../src/handler/request';

export const APP = '0123456789abcdef0123456789abcdef';
export const OTHER_APP = 'fedcba9876543210fedcba9876543210';

/** The physical ID that CloudFormation makes up where a Create has not answered. */
export const MADE_UP_ID = 'Stack-EventsD32975C2-1A2B3C4D5E6F';

/** The settings of three event streams. */
export const OURS = {
  DestinationStreamArn: 'arn:aws:kinesis:eu-west-1:111111111111:stream/ours',
  RoleArn: 'arn:aws:iam::111111111111:role/ours',
};
export const OLD = {
  DestinationStreamArn: 'arn:aws:kinesis:eu-west-1:111111111111:stream/old',
  RoleArn: 'arn:aws:iam::111111111111:role/old',
};
export const ANOTHERS = {
  DestinationStreamArn: 'arn:aws:kinesis:eu-west-1:111111111111:stream/anothers',
  RoleArn: 'arn:aws:iam::111111111111:role/anothers',
};

/** An event stream of `APP`, modified so many seconds after the start of a `FakeClock`, or before it; without a date unless that is told. */
export function eventStream(setting: Setting, seconds?: number): EventStream {
  return { ApplicationId: APP, LastModifiedDate: seconds === undefined ? undefined : secondsFromStart(seconds), ...setting };
}

const common = {
  ResponseURL: 'http://unused.invalid/',
  StackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/Stack/00000000-0000-0000-0000-000000000000',
  RequestId: '11111111-1111-1111-1111-111111111111',
  LogicalResourceId: 'EventsD32975C2',
};

function properties(overrides: Partial<EventStreamProperties>): EventStreamProperties {
  return { ApplicationId: APP, ...OURS, ReplaceExisting: 'false', ...overrides };
}

export function createRequest(overrides: Partial<EventStreamProperties> = {}): CreateRequest {
  return { ...common, RequestType: 'Create', ResourceProperties: properties(overrides) };
}

/** An update of the event stream of `APP`, unless the physical ID says otherwise. */
export function updateRequest(
  old: Partial<EventStreamProperties>,
  wanted: Partial<EventStreamProperties> = {},
  physicalId: string = APP,
): UpdateRequest {
  return {
    ...common,
    RequestType: 'Update',
    PhysicalResourceId: physicalId,
    OldResourceProperties: properties(old),
    ResourceProperties: properties(wanted),
  };
}

export function deleteRequest(physicalId: string = APP, overrides: Partial<EventStreamProperties> = {}): DeleteRequest {
  return { ...common, RequestType: 'Delete', PhysicalResourceId: physicalId, ResourceProperties: properties(overrides) };
}
