import { App, CfnElement, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { IConstruct } from 'constructs';
import { FirehoseDestination, PinpointEventStream } from '../../../src';
import { SAMPLES } from '../../support/sample-stacks';
import { APPLICATION_ID, newStack } from '../../support/synth';

/** What the pack AwsSolutions of cdk-nag finds, as `RULE at CONSTRUCT-PATH`; what is acknowledged is not among it. */
function findings(scope: IConstruct): string[] {
  return new AwsSolutionsChecks().validateScope(scope).violations
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`))
    .sort();
}

/** The identifier of a finding: a role may use the objects of a bucket, all of them. */
function objectsOf(bucket: IConstruct): string {
  return `AwsSolutions-IAM5[Resource::<${Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnElement)}.Arn>/*]`;
}

/** Acknowledges what code cannot avoid with a delivery stream that is created with its bucket, each where it is, as users can. */
function acknowledge(bucket: IConstruct): void {
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Access logs need another bucket, which is for the account to have.',
  });
  Validations.of(bucket.node.scope!.node.findChild('DeliveryStreamRole')).acknowledge({
    id: objectsOf(bucket),
    reason: 'Firehose names the objects that it writes.',
  });
}

describe('cdk-nag, with its pack AwsSolutions,', () => {
  it.each(SAMPLES)('finds nothing in the stack $name that is not acknowledged there', ({ build, props }) => {
    // GIVEN
    const app = new App();
    const stack = new Stack(app, 'Stack', props);
    build(stack);

    // WHEN
    for (const construct of stack.node.findAll()) {
      if (construct instanceof s3.Bucket) {
        acknowledge(construct);
      }
      if (construct instanceof kinesis.Stream && construct.encryptionKey) {
        Validations.of(construct).acknowledge({ id: 'AwsSolutions-KDS3', reason: 'The sample is about a key other than aws/kinesis.' });
      }
    }

    // THEN
    expect(findings(app)).toEqual([]);
  });

  it('finds two things where a delivery stream is created, which only its user can acknowledge', () => {
    // GIVEN
    const app = new App();
    const stack = newStack(app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

    // WHEN
    const events = new PinpointEventStream(stack, 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });

    // THEN
    expect(findings(stack)).toEqual([
      `${objectsOf(events.bucket!)} at Stack/Events/DeliveryStreamRole/Resource`,
      'AwsSolutions-S1 at Stack/Events/Bucket/Resource',
    ]);

    // WHEN
    acknowledge(events.bucket!);

    // THEN
    expect(() => app.synth()).not.toThrow();
  });

  it('still finds a second wildcard in a role whose first is acknowledged', () => {
    // GIVEN
    const events = new PinpointEventStream(newStack(), 'Events', { applicationId: APPLICATION_ID, destination: new FirehoseDestination() });
    const role = events.node.findChild('DeliveryStreamRole') as iam.Role;
    acknowledge(events.bucket!);

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
