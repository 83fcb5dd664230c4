import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import { EventLake } from '../../../src';
import { CallFailure } from '../../../src/handler/event-stream-api';
import type { Step } from '../../../src/handler/plan';
import { callFailed, recovery, refused } from '../../../src/handler/reasons';
import { Deployment } from '../../support/deployment';
import { Guide } from '../../support/guide';
import { createRequest, deleteRequest } from '../../support/handler/requests';
import { Context, isAllowed } from '../../support/policy-evaluator';
import { APPLICATION_ID, arnOf, ENV, newStack, STREAM_ARN } from '../../support/synth';

// The samples of the guides, run as they are in the documents.

const TYPE = 'Custom::PinpointEventStream';
const NATIVE = 'AWS::Pinpoint::EventStream';
const CONFIGURATION_SET = 'AWS::SMSVOICE::ConfigurationSet';
const PINPOINT_ROLE_ARN = 'arn:aws:iam::111111111111:role/pinpoint';

const SETTING = { DestinationStreamArn: STREAM_ARN, RoleArn: PINPOINT_ROLE_ARN };

/** The one resource of a type. */
function resourceOf(template: Template, type: string) {
  template.resourceCountIs(type, 1);
  return Object.values(template.findResources(type))[0];
}

function idsOf(template: Template): string[] {
  return Object.keys(template.toJSON().Resources);
}

describe('the guide docs/move-from-native.md', () => {
  const guide = new Guide('move-from-native.md');

  /** A stack with role and stream, and with what is added to them. */
  function templateOf(add: (stack: Stack, role: iam.Role, stream: kinesis.Stream) => void): Template {
    const stack = newStack();
    const role = new iam.Role(stack, 'PinpointRole', { assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com') });
    add(stack, role, new kinesis.Stream(stack, 'Stream'));
    return Template.fromStack(stack);
  }

  function templateBefore(change: (native: pinpoint.CfnEventStream) => void = () => undefined): Template {
    return templateOf((stack, { roleArn }, { streamArn }) =>
      change(new pinpoint.CfnEventStream(stack, 'Native', { applicationId: APPLICATION_ID, destinationStreamArn: streamArn, roleArn })));
  }

  const retained = () => templateBefore((native) => guide.runSample('1. Retain', { native }));
  const adopted = () => templateOf((stack, role, stream) => guide.runSample('2. Adopt', { stack, role, stream }));
  const settled = () => templateOf((stack, role, stream) => guide.runSample('2. Adopt', { stack, role, stream }, guide.removedUnder('3. Settle')));

  it('retains the native resource first, and changes its metadata as well, but none of its properties', () => {
    // GIVEN
    const before = resourceOf(templateBefore(), NATIVE);

    // WHEN
    const template = retained();

    // THEN
    template.hasResource(NATIVE, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: Match.objectEquals(before.Properties) });
    expect(resourceOf(template, NATIVE).Metadata).not.toEqual(before.Metadata);
    expect(before.DeletionPolicy ?? 'Delete').toBe('Delete');
  });

  it('adopts its setting then, retained, in a template without it that keeps role and stream', () => {
    // GIVEN
    const before = retained();

    // WHEN
    const template = adopted();

    // THEN
    const { ApplicationId, RoleArn, DestinationStreamArn } = resourceOf(before, NATIVE).Properties;
    template.resourceCountIs(NATIVE, 0);
    template.hasResource(TYPE, { DeletionPolicy: 'Retain', Properties: { ApplicationId, RoleArn, DestinationStreamArn, ReplaceExisting: 'true' } });
    expect(idsOf(template)).toEqual(expect.arrayContaining(idsOf(before).filter((id) => id !== 'Native')));
  });

  it('settles with a change of the policies and of replaceExisting alone', () => {
    // GIVEN
    const before = adopted();

    // WHEN
    const template = settled();

    // THEN
    template.hasResource(TYPE, {
      DeletionPolicy: 'Delete', Properties: Match.objectEquals({ ...resourceOf(before, TYPE).Properties, ReplaceExisting: 'false' }),
    });
    expect(idsOf(template)).toEqual(idsOf(before));
  });
});

describe('the guide docs/adopt.md', () => {
  const guide = new Guide('adopt.md');

  /** The template of the sample, without the properties that the text under another heading says to remove. */
  function templateOf(change?: string): Template {
    const stack = newStack();
    guide.runSample('Adopt it', { stack }, change === undefined ? [] : guide.removedUnder(change));
    return Template.fromStack(stack);
  }

  it('adopts an event stream with role and destination as they are, retained, and leaves both to their owner', () => {
    // WHEN
    const template = templateOf();

    // THEN
    template.hasResource(TYPE, { DeletionPolicy: 'Retain', Properties: { ApplicationId: APPLICATION_ID, ...SETTING, ReplaceExisting: 'true' } });
    template.resourceCountIs('AWS::Kinesis::Stream', 0);
    template.allResourcesProperties('AWS::IAM::Policy', { Roles: [{ Ref: Match.stringLikeRegexp('^PinpointEventStreamProviderRole') }] });
  });

  it('adopts an event stream with a role and a destination that are new, and go where the deployment fails', () => {
    // WHEN
    const template = templateOf('With a new role and destination');

    // THEN
    template.hasResource(TYPE, { DeletionPolicy: 'Delete', Properties: { RoleArn: arnOf('EventsRole'), ReplaceExisting: 'true' } });
    template.hasResource('AWS::Kinesis::Stream', { DeletionPolicy: 'RetainExceptOnCreate' });
  });

  it('switches replaceExisting off in the end, and changes nothing else than the policies', () => {
    // GIVEN
    const before = templateOf();

    // WHEN
    const template = templateOf('Switch `replaceExisting` off');

    // THEN
    template.hasResource(TYPE, {
      DeletionPolicy: 'Delete', Properties: Match.objectEquals({ ...resourceOf(before, TYPE).Properties, ReplaceExisting: 'false' }),
    });
    expect(idsOf(template)).toEqual(idsOf(before));
  });

  it('quotes the reason that the function gives', () => {
    // GIVEN
    const claim: Step = { goal: 'claim', applicationId: APPLICATION_ID, setting: SETTING, replaceExisting: false, acceptsOwn: false };
    const found = { ...SETTING, ApplicationId: APPLICATION_ID, LastModifiedDate: '2025-03-04T05:06:07.890Z', LastUpdatedBy: 'alice' };

    // WHEN
    const reason = refused(claim, found) + recovery(createRequest());

    // THEN
    expect(guide.quotationUnder('What you see')).toBe(reason);
  });
});

describe('the guide docs/import-configuration-set.md', () => {
  function templateOf(heading: string): Template {
    const stack = newStack();
    new Guide('import-configuration-set.md').runSample(heading, { stack });
    return Template.fromStack(stack);
  }

  it('imports a configuration set in a template that has nothing else, with its name and a deletion policy', () => {
    // WHEN
    const template = templateOf('1. Import it');

    // THEN
    expect(Object.values(template.toJSON().Resources)).toEqual([
      { Type: CONFIGURATION_SET, Properties: { ConfigurationSetName: 'messages' }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' },
    ]);
  });

  it('adds event destinations to the imported configuration set then, which keeps its logical ID, its name, and a policy to stay', () => {
    // GIVEN
    const before = templateOf('1. Import it');

    // WHEN
    const template = templateOf('2. Add its event destinations');

    // THEN
    expect(Object.keys(template.findResources(CONFIGURATION_SET))).toEqual(idsOf(before));
    template.hasResource(CONFIGURATION_SET, {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        ...resourceOf(before, CONFIGURATION_SET).Properties,
        EventDestinations: [{ KinesisFirehoseDestination: { IamRoleArn: arnOf('MessagesLakeRole') } }],
      },
    });
  });
});

describe('the guide docs/take-down.md', () => {
  const guide = new Guide('take-down.md');

  it('quotes the reason that the function gives', () => {
    // GIVEN
    const remove: Step = { goal: 'remove', applicationId: APPLICATION_ID, setting: SETTING, looksAgain: false, required: true };
    const StackId = 'arn:aws:cloudformation:eu-west-1:111111111111:stack/PinpointEvents/11111111-1111-1111-1111-111111111111';

    // WHEN
    const reason = callFailed(remove, new CallFailure('GetEventStream', 'ForbiddenException', 'Forbidden', 403), 120, {}) + recovery({ ...deleteRequest(), StackId });

    // THEN
    expect(guide.quotationUnder('When the service refuses, or is gone')).toBe(reason);
  });

  it('has an event stream that refers to its application, so that it is deleted before that', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    guide.runSample('The application in the same stack', { stack });

    // THEN
    const template = Template.fromStack(stack);
    const [application] = Object.keys(template.findResources('AWS::Pinpoint::App'));
    template.hasResourceProperties(TYPE, { ApplicationId: { Ref: application } });
  });
});

describe('the guide docs/events.md', () => {
  function runSample(stack: Stack): void {
    new Guide('events.md').runSample('Receive the events of email', { stack, lake: new EventLake(stack, 'Lake') });
  }

  it('sends the events of email to the lake', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    runSample(stack);

    // THEN
    Template.fromStack(stack).hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      ConfigurationSetName: { Ref: Match.stringLikeRegexp('^Emails') },
      EventDestination: {
        Enabled: true,
        KinesisFirehoseDestination: { DeliveryStreamARN: arnOf('LakeEmailEventsDeliveryStream'), IAMRoleARN: arnOf('EmailsLake') },
      },
    });
  });

  it('lets SES write to it, for this configuration set of this account alone', async () => {
    // GIVEN
    const deployment = new Deployment('aws', 'eu-west-1', runSample);
    const { arn, trust, policies } = deployment.role('EmailsLake');
    const deliveryStreamArn = deployment.arnOf('AWS::KinesisFirehose::DeliveryStream', 'LakeEmailEvents');

    // WHEN
    const write = (action: string, resource: string = deliveryStreamArn) =>
      isAllowed({ principal: arn, action, resource, account: ENV.account, identityPolicies: policies });
    const assume = (context: Context, principal: string = 'ses.amazonaws.com') =>
      isAllowed({ principal, action: 'sts:AssumeRole', resource: arn, account: ENV.account, context, resourcePolicy: trust });

    // THEN
    expect(await write('firehose:PutRecordBatch')).toBe(true);
    expect(await write('firehose:PutRecord')).toBe(false);
    expect(await write('firehose:DescribeDeliveryStream')).toBe(false);
    expect(await write('firehose:PutRecordBatch', `${deliveryStreamArn}s`)).toBe(false);

    const right = {
      'aws:SourceAccount': ENV.account,
      'aws:SourceArn': `arn:aws:ses:eu-west-1:${ENV.account}:configuration-set/${deployment.nameOf('AWS::SES::ConfigurationSet', 'Emails')}`,
    };
    expect(await assume(right)).toBe(true);
    expect(await assume(right, 'sms-voice.amazonaws.com')).toBe(false);
    expect(await assume({ ...right, 'aws:SourceAccount': '222222222222' })).toBe(false);
    expect(await assume({ ...right, 'aws:SourceArn': `${right['aws:SourceArn']}2` })).toBe(false);
    expect(await assume({})).toBe(false);
  });
});
