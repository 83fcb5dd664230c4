import type { EventStream } from './event-stream';
import { CallFailure, UNREADABLE_ANSWER } from './event-stream-api';
import { Location, locationOf } from './location';
import type { Step } from './plan';
import { APPLICATION_ID_FORM, EventStreamProperties, isApplicationId } from './protocol';
import type { CustomResourceRequest } from './request';
import { cutToJsonLength } from './text';

/**
 * The reasons of failures, as a person reads them in the stack's events:
 * what happened, what was expected, and what to do now.
 */

/** The service's own message is cut to this length, so that the advice after it still fits. */
const DETAIL_BYTES = 600;

/** Why an event stream was left as it was found. */
export function refused({ goal, applicationId }: Step, found: EventStream | undefined): string {
  if (goal === 'claim') {
    return `Application ${applicationId} already has ${describe(found)}. It was left as it is. ` +
      'Before you take it over, take it from its owner, who may delete it later. ' +
      'If another stack of yours holds it, or this construct under its former ID, set removalPolicy RETAIN there and deploy. ' +
      'If Terraform holds it, delete the resource from its files and run terraform state rm, not terraform destroy. ' +
      'Then set replaceExisting to true.';
  }
  return `While this update waited to try again, the event stream of application ${applicationId} was changed: the application now has ` +
    `${describe(found)}. It was left as it is, because the change may come from the rollback of this update, or from the update that this ` +
    'one rolls back. If it comes from neither, find out who made it, and deploy again.';
}

function describe(found: EventStream | undefined): string {
  if (!found) {
    return 'none';
  }
  const modified = found.LastModifiedDate ? `modified ${found.LastModifiedDate}` : 'with no date of modification';
  const by = found.LastUpdatedBy ? ` by ${found.LastUpdatedBy}` : '';
  return `an event stream, to ${found.DestinationStreamArn} with role ${found.RoleArn}, ${modified}${by}`;
}

/** What is wrong with the properties of a Create or an Update, for a stack in this location. Undefined if nothing is wrong. */
export function invalidProperties(properties: Partial<EventStreamProperties> | undefined, stack: Location): string | undefined {
  if (!properties || !isApplicationId(properties.ApplicationId)) {
    return `ApplicationId is ${JSON.stringify(properties?.ApplicationId)}, expected ${APPLICATION_ID_FORM}: ` +
      'check what applicationId resolves to when the stack is deployed.';
  }
  for (const name of ['DestinationStreamArn', 'RoleArn'] as const) {
    const value: unknown = properties[name];
    const what = name === 'RoleArn' ? 'role' : 'destination';
    if (typeof value !== 'string' || value === '') {
      return `${name} is ${JSON.stringify(value)}, expected an ARN: check what the ${what} resolves to when the stack is deployed.`;
    }
    const location = locationOf(value);
    for (const part of ['region', 'account'] as const) {
      const [expected, got] = [stack[part], location[part]];
      if (expected && got && got !== expected) {
        return `${name} is in ${got}, expected ${expected}, the ${part} of the stack: use a ${what} in that ${part}.`;
      }
    }
  }
  return undefined;
}

/** Why a call failed for good, and what to check where the stack is. */
export function callFailed(step: Step, failure: CallFailure, seconds: number, stack: Location): string {
  const answer = `${failure.operation} for application ${step.applicationId} failed ` +
    `${failure.mayPass ? `for ${seconds} s, last with` : 'with'} ${failure.code}` +
    `${failure.status === undefined ? '' : ` (HTTP ${failure.status})`}: ${cutToJsonLength(failure.detail, DETAIL_BYTES)}.`;
  return `${answer} ${whatToCheck(step, failure, stack)}`;
}

function whatToCheck({ applicationId, setting }: Step, { operation, code, status }: CallFailure, stack: Location): string {
  const account = stack.account ? `account ${stack.account}` : 'this account';
  const region = stack.region || 'this region';
  if (code === UNREADABLE_ANSWER) {
    return 'Check with aws pinpoint get-event-stream what answers in place of Amazon Pinpoint. Amazon Pinpoint reached end of support on 2026-10-30.';
  }
  if (operation === 'PutEventStream') {
    switch (status) {
      case 400:
        return `Check that role ${setting.RoleArn} exists, trusts pinpoint.amazonaws.com for ${account} and application ${applicationId}, ` +
          `and may write to and describe ${setting.DestinationStreamArn}. Check that this destination exists in ${region}, ` +
          'and that the role may use its key if that is a customer managed one.';
      case 404:
        return `Check that application ${applicationId} exists in ${account} in ${region}.`;
      case 403:
        return 'Check that no service control policy or permissions boundary denies mobiletargeting:PutEventStream ' +
          `on apps/${applicationId}/eventstream, or iam:PassRole on ${setting.RoleArn}, to the role of this function.`;
    }
  }
  switch (status) {
    case undefined:
      return `Check that the endpoint of Amazon Pinpoint can be reached in ${region}. ` +
        'Amazon Pinpoint reached end of support on 2026-10-30.';
    case 403:
      return `Check that no service control policy or permissions boundary denies mobiletargeting:${operation} ` +
        `on apps/${applicationId}/eventstream to the role of this function.`;
    default:
      return `Check the state of Amazon Pinpoint in ${region}, and deploy again. ` +
        'Amazon Pinpoint reached end of support on 2026-10-30.';
  }
}

/** Why a request failed because of a bug in this function. */
export function unexpected({ name, message }: Error): string {
  return `The function failed unexpectedly with ${name} (${cutToJsonLength(String(message), DETAIL_BYTES)}). ` +
    'Report this to the maintainers of cdk-pinpoint-event-stream, with the log of the function.';
}

/** How to go on from here. Every reason ends with this. */
export function recovery(request: CustomResourceRequest): string {
  const id = request.LogicalResourceId;
  switch (request.RequestType) {
    case 'Create':
      return '';
    case 'Update':
      return ` If the rollback fails too, fix the cause and continue the rollback, or skip this resource: cdk rollback --orphan ${id}. ` +
        'A skipped event stream stays in the stack, but Amazon Pinpoint may keep a setting with a deleted role: ' +
        'once the cause is fixed, change replaceExisting and deploy, which sets the event stream again.';
    case 'Delete':
      return ` If the stack is now in DELETE_FAILED, delete it without this resource: aws cloudformation delete-stack --stack-name ${request.StackId} ` +
        `--retain-resources ${id}. If this was an update of the stack, it goes on: see what is left with aws pinpoint get-event-stream.`;
  }
}
