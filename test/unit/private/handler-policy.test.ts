import { eventStreamPolicy, loggingPolicy, vpcPolicy } from '../../../src/private/handler-policy';
import { APPLICATION_ID, ROLE_ARN } from '../../support/synth';

describe("the function's policy", () => {
  it('for an event stream allows to manage that one, and to pass on its role to Amazon Pinpoint, and nothing else', () => {
    // WHEN
    const policy = eventStreamPolicy({ partition: 'aws-cn', region: 'cn-north-1', account: '111111111111', applicationId: APPLICATION_ID, roleArn: ROLE_ARN });

    // THEN
    expect(policy.toJSON()).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['mobiletargeting:GetEventStream', 'mobiletargeting:PutEventStream', 'mobiletargeting:DeleteEventStream'],
          Resource: `arn:aws-cn:mobiletargeting:cn-north-1:111111111111:apps/${APPLICATION_ID}/eventstream`,
        },
        {
          Effect: 'Allow',
          Action: 'iam:PassRole',
          Resource: ROLE_ARN,
          Condition: { StringEquals: { 'iam:PassedToService': ['pinpoint.amazonaws.com', 'mobiletargeting.amazonaws.com'] } },
        },
      ],
    });
  });

  it('for a log group allows to write to that one, and nothing else', () => {
    // WHEN
    const policy = loggingPolicy('arn:aws:logs:eu-west-1:111111111111:log-group:pinpoint:*');

    // THEN
    expect(policy.toJSON()).toEqual({
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'arn:aws:logs:eu-west-1:111111111111:log-group:pinpoint:*',
      }],
    });
  });

  it('for a VPC allows Lambda to connect the function, and denies the same to the code of the function', () => {
    // WHEN
    const policy = vpcPolicy();

    // THEN
    const actions = [
      'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
    ];
    expect(policy.toJSON()).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: actions, Resource: '*' },
        { Effect: 'Deny', Action: actions, Resource: '*', Condition: { Null: { 'lambda:SourceFunctionArn': 'false' } } },
      ],
    });
  });
});
