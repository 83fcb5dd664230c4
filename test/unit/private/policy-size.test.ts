import { Token } from 'aws-cdk-lib';
import { eventStreamPolicySize, loggingPolicySize, vpcPolicySize } from '../../../src/private/policy-size';
import { ROLE_ARN } from '../../support/synth';

const LOG_GROUP_ARN = 'arn:aws:logs:eu-west-1:111111111111:log-group:pinpoint:*';
const unknown = Token.asString({ Ref: 'Unknown' });

describe('the size of a policy', () => {
  it.each([
    ['for an event stream is reckoned with the ARN of its role', () => eventStreamPolicySize(ROLE_ARN), 499],
    ['for an event stream is reckoned with the longest ARN where that of its role is not known', () => eventStreamPolicySize(unknown), 563],
    ['for a log group is reckoned with its ARN', () => loggingPolicySize(LOG_GROUP_ARN, false), 181],
    ['for a log group is reckoned with the longest name where that is not known', () => loggingPolicySize(unknown, false), 697],
    ['for a log group is reckoned with the longest name that CloudFormation gives', () => loggingPolicySize(unknown, true), 582],
    ['for an event stream is reckoned with the longest ARN where that of its role is a dynamic reference',
      () => eventStreamPolicySize('{{resolve:ssm:/role}}'), 563],
    ['for a VPC is always the same', () => vpcPolicySize(), 537],
  ])('%s', (_, sizeOf, expected) => {
    // WHEN
    const size = sizeOf();

    // THEN
    expect(size).toBe(expected);
  });
});
