import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { Step } from '../../../src/handler/decision';
import { Fault } from '../../../src/handler/event-stream-api';
import { callFailed, refused, wayOn } from '../../../src/handler/reasons';
import { Guide } from '../../support/guide';
import { createRequest, deleteRequest } from '../../support/handler/requests';
import { APPLICATION_ID, createdRole, customResource, newStack, resourceOf, resourcesOf, STREAM_ARN, TemplateResource } from '../../support/synth';

/** The samples of the guides, as they are in the documents, and what the templates that they give have in common. */

const NATIVE = 'AWS::Pinpoint::EventStream';
const PINPOINT_ROLE_ARN = 'arn:aws:iam::111111111111:role/pinpoint';

/** Without what the CDK itself adds and takes away. */
function idsOf(stack: Stack): string[] {
  return Object.keys(Template.fromStack(stack).toJSON().Resources);
}

/** Role and destination, as a resource names them. */
function settingOf({ Properties: { ApplicationId, RoleArn, DestinationStreamArn } }: TemplateResource): unknown {
  return { ApplicationId, RoleArn, DestinationStreamArn };
}

describe('docs/move-from-native.md', () => {
  const guide = new Guide('move-from-native.md');

  /** A stack with role and stream, and with what a sample adds. */
  function stackOf(heading: string): Stack {
    const stack = newStack();
    const role = new iam.Role(stack, 'PinpointRole', { assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com') });
    guide.runSample(heading, { stack, role, stream: new kinesis.Stream(stack, 'Stream') });
    return stack;
  }

  it('begins with a native resource that is deleted when it leaves the stack', () => {
    const native = resourceOf(stackOf('Before'), NATIVE);

    expect(native.DeletionPolicy ?? 'Delete').toBe('Delete');
  });

  it('retains it first, and changes its metadata as well, but none of its properties', () => {
    // GIVEN
    const before = resourceOf(stackOf('Before'), NATIVE) as TemplateResource & { Metadata?: unknown };

    // WHEN
    const retained = resourceOf(stackOf('1. Retain'), NATIVE) as TemplateResource & { Metadata?: unknown };

    // THEN
    expect(retained).toMatchObject({ logicalId: 'Native', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: before.Properties });
    expect(retained.logicalId).toBe(before.logicalId);
    expect(retained.Metadata).not.toEqual(before.Metadata);
  });

  it('adopts its setting then, retained, in a template without it that keeps role and stream', () => {
    // GIVEN
    const before = stackOf('1. Retain');

    // WHEN
    const adopting = stackOf('2. Adopt');

    // THEN
    expect(resourcesOf(adopting, NATIVE)).toEqual([]);
    expect(idsOf(adopting)).toEqual(expect.arrayContaining(idsOf(before).filter((id) => id !== 'Native')));
    expect(settingOf(customResource(adopting))).toEqual(settingOf(resourceOf(before, NATIVE)));
    expect(customResource(adopting)).toMatchObject({ DeletionPolicy: 'Retain', Properties: { ReplaceExisting: 'true' } });
  });

  it('settles with a change of the policies and of replaceExisting alone', () => {
    // GIVEN
    const adopting = stackOf('2. Adopt');

    // WHEN
    const settled = stackOf('3. Settle');

    // THEN
    expect(idsOf(settled)).toEqual(idsOf(adopting));
    expect(customResource(settled)).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { ...customResource(adopting).Properties, ReplaceExisting: 'false' },
    });
  });
});

describe('docs/adopt.md', () => {
  const guide = new Guide('adopt.md');

  function stackOf(heading: string): Stack {
    const stack = newStack();
    guide.runSample(heading, { stack });
    return stack;
  }

  it('adopts with role and destination as they are, retained, and leaves both to their owner', () => {
    const stack = stackOf('With its role and destination');

    expect(customResource(stack)).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { ApplicationId: APPLICATION_ID, RoleArn: PINPOINT_ROLE_ARN, DestinationStreamArn: STREAM_ARN, ReplaceExisting: 'true' },
    });
    expect(resourcesOf(stack, 'AWS::Kinesis::Stream')).toEqual([]);
    expect(resourcesOf(stack, 'AWS::IAM::Policy').map(({ logicalId }) => logicalId)).toEqual([expect.stringMatching(/^EventsHandlerPolicy/)]);
  });

  it('adopts with a role and a destination that are new, and go where the deployment fails', () => {
    const stack = stackOf('With new ones');

    expect(customResource(stack)).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { RoleArn: { 'Fn::GetAtt': [createdRole(stack).logicalId, 'Arn'] }, ReplaceExisting: 'true' },
    });
    expect(resourceOf(stack, 'AWS::Kinesis::Stream').DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it('switches replaceExisting off in the end, and changes nothing else than the policies', () => {
    // GIVEN
    const adopting = stackOf('With its role and destination');

    // WHEN
    const settled = stackOf('4. Switch `replaceExisting` off');

    // THEN
    expect(idsOf(settled)).toEqual(idsOf(adopting));
    expect(customResource(settled)).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { ...customResource(adopting).Properties, ReplaceExisting: 'false' },
    });
  });

  it('quotes the reason that the function gives', () => {
    // GIVEN
    const claim: Step = {
      goal: 'claim',
      applicationId: APPLICATION_ID,
      setting: { DestinationStreamArn: STREAM_ARN, RoleArn: PINPOINT_ROLE_ARN },
      replaceExisting: false,
    };
    const found = { ...claim.setting, ApplicationId: APPLICATION_ID, LastModifiedDate: '2025-03-04T05:06:07.890Z', LastUpdatedBy: 'alice' };

    // WHEN
    const reason = refused(claim, found) + wayOn(createRequest());

    // THEN
    expect(guide.quotationUnder('What the deployment says without `replaceExisting`')).toBe(reason);
  });
});

describe('docs/take-down.md', () => {
  const guide = new Guide('take-down.md');

  it('quotes the reason that the function gives', () => {
    // GIVEN
    const remove: Step = {
      goal: 'remove',
      applicationId: APPLICATION_ID,
      setting: { DestinationStreamArn: STREAM_ARN, RoleArn: PINPOINT_ROLE_ARN },
      lookAgain: false,
      required: true,
    };
    const StackId = 'arn:aws:cloudformation:eu-west-1:111111111111:stack/PinpointEvents/11111111-1111-1111-1111-111111111111';

    // WHEN
    const reason = callFailed(remove, new Fault('GetEventStream', 'ForbiddenException', 'Forbidden', 403), 120) + wayOn({ ...deleteRequest(), StackId });

    // THEN
    expect(guide.quotationUnder('When the service refuses, or is gone')).toBe(reason);
  });

  it('has an event stream that refers to its application, so that it is deleted before that', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    guide.runSample('The application in the same stack', { stack });

    // THEN
    expect(customResource(stack).Properties.ApplicationId).toEqual({ Ref: resourceOf(stack, 'AWS::Pinpoint::App').logicalId });
  });
});

test('a heading or a sample that a guide does not have is an error', () => {
  const guide = new Guide('take-down.md');

  expect(() => guide.runSample('No such heading', {})).toThrow("there is no ts block under 'No such heading'");
  expect(() => guide.runSample('The normal case', {})).toThrow("there is no ts block under 'The normal case'");
});
