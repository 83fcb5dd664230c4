import { App, CfnElement, PropertyInjectors, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  AwsSolutionsChecks, HIPAASecurityChecks, NagPack, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks,
} from 'cdk-nag';
import { IConstruct } from 'constructs';
import {
  CloudWatchLogsDestination, EventLake, FirehoseDestination, PinpointEventStream, PinpointEventStreamProvider, SmsVoiceConfigurationSet,
  SnsTopicDestination,
} from '../../../src';
import { Guide } from '../../support/guide';
import { importedVpc, SAMPLES } from '../../support/sample-stacks';
import { APPLICATION_ID, DELIVERY_STREAM_ARN, importedDeliveryStream, newStack, OTHER_DELIVERY_STREAM_ARN } from '../../support/synth';

const GUIDE = new Guide('cdk-nag.md');

const PACKS = [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks]
  .map((Pack) => new Pack() as NagPack);

/** What the pack AwsSolutions of cdk-nag finds, as `RULE at CONSTRUCT-PATH`; what is acknowledged is not among it. */
function findings(scope: IConstruct): string[] {
  return new AwsSolutionsChecks().validateScope(scope).violations
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`))
    .sort();
}

/** What all packs find in the constructs of this library, as the tables have it: `RULE in CLASS`. */
function findingsInLibrary(app: App): string[] {
  const constructs = app.node.findAll().filter((construct) =>
    [EventLake, PinpointEventStream, PinpointEventStreamProvider, SmsVoiceConfigurationSet].some((type) => construct instanceof type));
  return distinct(constructs.flatMap((construct) => PACKS.flatMap((pack) => pack.validateScope(construct).violations.map(({ ruleName }) =>
    `${ruleName.slice(pack.readPackName.length + 1).replace(/Resource::.+\/(errors\/)?[a-z-]+\/\*/, 'Resource::BUCKET/PREFIX/*')} in ${construct.constructor.name}`))));
}

/** What a table of the document says, in the same form. */
function findingsUnder(heading: string): string[] {
  const namesIn = (cell: string) => [...cell.matchAll(/`(.+?)`/g)].map(([, name]) => name);
  return GUIDE.tableUnder(heading).flatMap(([rules, classes]) => namesIn(rules).flatMap((rule) => namesIn(classes).map((name) => `${rule} in ${name}`)));
}

const distinct = (values: string[]) => [...new Set(values)].sort();

/** A stack with everything of this library, which satisfies what can be satisfied as the document does. */
function satisfyingStack(app: App, deliveryStreamArn: string): Stack {
  const stack = newStack(app);
  const key = new kms.Key(stack, 'Key', { enableKeyRotation: true });
  GUIDE.runSample('What you can satisfy', {
    PropertyInjectors,
    lambda,
    logs,
    EventLake,
    PinpointEventStreamProvider,
    stack,
    vpc: importedVpc(stack),
    key,
    bucket: s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'your-events', encryptionKey: key }),
  });
  new PinpointEventStream(stack, 'Events', {
    applicationId: APPLICATION_ID,
    destination: new FirehoseDestination(importedDeliveryStream(stack, deliveryStreamArn)),
  });
  const messages = new SmsVoiceConfigurationSet(stack, 'Messages');
  messages.addEventDestination('Lake', { destination: stack.node.findChild('Lake') as EventLake });
  messages.addEventDestination('Log', { destination: new CloudWatchLogsDestination() });
  messages.addEventDestination('Topic', { destination: new SnsTopicDestination() });
  return stack;
}

/** The identifiers of findings: a role may use the objects of a bucket, all those below two prefixes. */
function objectsOf(bucket: IConstruct): string[] {
  const { defaultChild } = bucket.node;
  return ['errors/pinpoint/', 'pinpoint/'].map((prefix) => `AwsSolutions-IAM5[Resource::<${Stack.of(bucket).getLogicalId(defaultChild as CfnElement)}.Arn>/${prefix}*]`);
}

/** Acknowledges what code cannot avoid with a delivery stream that is created with its bucket. */
function acknowledge(events: PinpointEventStream): void {
  Validations.of(events).acknowledge(
    { id: 'AwsSolutions-S1', reason: 'Access logs need another bucket, which is for the account to have.' },
    ...objectsOf(events.bucket!).map((id) => ({ id, reason: 'Firehose names the objects that it writes.' })),
  );
}

describe('cdk-nag', () => {
  it('finds in the sample stacks what docs/cdk-nag.md says, and all of it', () => {
    // GIVEN
    const apps = SAMPLES.map(({ build, props }) => {
      const app = new App();
      build(new Stack(app, 'Stack', props));
      return app;
    });

    // WHEN
    const found = distinct(apps.flatMap(findingsInLibrary));

    // THEN
    expect(found).toEqual(distinct([...findingsUnder('What you can satisfy'), ...findingsUnder('What stays')]));
  });

  it('finds no more than what stays in a stack that satisfies what can be satisfied, as docs/cdk-nag.md shows it', () => {
    // GIVEN
    const app = new App();

    // WHEN
    satisfyingStack(app, DELIVERY_STREAM_ARN);

    // THEN
    expect(findingsInLibrary(app)).toEqual(distinct(findingsUnder('What stays')));
  });

  it('finds nothing after what stays is acknowledged as docs/cdk-nag.md shows it, even after a change of destination', () => {
    // GIVEN
    const synthesize = (deliveryStreamArn: string) => {
      const app = new App();
      Validations.of(app).addPlugins(...PACKS);
      const stack = satisfyingStack(app, deliveryStreamArn);
      const [eventStream, messages, lake] = ['Events', 'Messages', 'Lake'].map((id) => stack.node.findChild(id));

      // WHEN
      GUIDE.runSample('Acknowledge what stays', { stack, eventStream, messages, lake });
      app.synth();
      return { found: findingsInLibrary(app), role: (eventStream as PinpointEventStream).role.node.path };
    };
    const [before, after] = [DELIVERY_STREAM_ARN, OTHER_DELIVERY_STREAM_ARN].map(synthesize);

    // THEN
    expect([before.found, after.found]).toEqual([[], []]);
    expect(before.role).not.toBe(after.role);
  });

  it('finds two kinds of things by AwsSolutions where a delivery stream is created, which only its user can acknowledge', () => {
    // GIVEN
    const app = new App();
    const stack = newStack(app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

    // WHEN
    const events = new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });

    // THEN
    expect(findings(stack)).toEqual([
      ...objectsOf(events.bucket!).map((id) => `${id} at Stack/Events/DeliveryStreamRole/Resource`),
      'AwsSolutions-S1 at Stack/Events/Bucket/Resource',
    ]);

    // WHEN
    acknowledge(events);

    // THEN
    expect(() => app.synth()).not.toThrow();
  });

  it('still finds a second wildcard in a role whose first is acknowledged', () => {
    // GIVEN
    const events = new PinpointEventStream(newStack(), 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });
    const role = events.node.findChild('DeliveryStreamRole') as iam.Role;
    acknowledge(events);

    // WHEN
    role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));

    // THEN
    expect(findings(role)).toEqual([
      'AwsSolutions-IAM5[Action::s3:*] at Stack/Events/DeliveryStreamRole/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::*] at Stack/Events/DeliveryStreamRole/DefaultPolicy/Resource',
    ]);
  });

  it('finds what is wrong with a stack that is wrong, and fails its synthesis', () => {
    // GIVEN
    const app = new App();
    const stack = newStack(app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

    // WHEN
    new s3.Bucket(stack, 'Bucket');
    new kinesis.Stream(stack, 'Stream', { encryption: kinesis.StreamEncryption.UNENCRYPTED });
    new iam.Role(stack, 'Role', {
      assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com'),
      inlinePolicies: { All: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['*'], resources: ['*'] })] }) },
    });

    // THEN
    expect(findings(app)).toEqual([
      'AwsSolutions-IAM5[Action::*] at Stack/Role/Resource',
      'AwsSolutions-IAM5[Resource::*] at Stack/Role/Resource',
      'AwsSolutions-KDS1 at Stack/Stream/Resource',
      'AwsSolutions-S1 at Stack/Bucket/Resource',
      'AwsSolutions-S10 at Stack/Bucket/Resource',
    ]);
    expect(() => app.synth()).toThrow('The S3 Bucket has server access logs disabled.');
  });
});
