import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import { Deployment } from '../../support/deployment';
import { Guide } from '../../support/guide';
import { Context, isAllowed } from '../../support/policy-evaluator';
import { DELIVERY_STREAM_ARN, ENV, newStack } from '../../support/synth';

/** Runs the sample of the document in a stack, with the library as it is. */
function runSample(stack: Stack): void {
  const deliveryStream = firehose.DeliveryStream.fromDeliveryStreamArn(stack, 'DeliveryStream', DELIVERY_STREAM_ARN);
  new Guide('events-of-email.md').runSample('The events of email', { stack, deliveryStream });
}

describe('the sample for the events of email', () => {
  it('sends those of email and those of messages to the same delivery stream', () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    runSample(stack);

    // THEN
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      ConfigurationSetName: { Ref: Match.stringLikeRegexp('^Emails') },
      EventDestination: {
        Enabled: true,
        KinesisFirehoseDestination: { DeliveryStreamARN: DELIVERY_STREAM_ARN, IAMRoleARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EmailsToFirehose'), 'Arn'] } },
      },
    });
    template.hasResourceProperties('AWS::SMSVOICE::ConfigurationSet', {
      EventDestinations: [{ KinesisFirehoseDestination: { DeliveryStreamArn: DELIVERY_STREAM_ARN } }],
    });
  });

  it('lets SES write to it, for this configuration set of this account alone', async () => {
    // GIVEN
    const deployment = new Deployment('aws', 'eu-west-1', runSample);
    const { arn, trust, policies } = deployment.role('EmailsToFirehose');

    // WHEN
    const write = (action: string, resource: string = DELIVERY_STREAM_ARN) =>
      isAllowed({ principal: arn, action, resource, account: ENV.account, identityPolicies: policies });
    const assume = (context: Context, principal: string = 'ses.amazonaws.com') =>
      isAllowed({ principal, action: 'sts:AssumeRole', resource: arn, account: ENV.account, context, resourcePolicy: trust });

    // THEN
    expect(await write('firehose:PutRecordBatch')).toBe(true);
    expect(await write('firehose:PutRecord')).toBe(false);
    expect(await write('firehose:DescribeDeliveryStream')).toBe(false);
    expect(await write('firehose:PutRecordBatch', `${DELIVERY_STREAM_ARN}s`)).toBe(false);

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
