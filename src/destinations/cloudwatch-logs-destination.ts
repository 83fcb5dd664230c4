import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ISmsVoiceEventDestination, SmsVoiceEventDestinationConfig } from './sms-voice-event-destination';
import { LOG_GROUP } from '../private/arn';
import { SingleUse } from '../private/single-use';
import { validatePassedIn } from '../private/validation';

/**
 * Sends the events of AWS End User Messaging to a CloudWatch log group.
 *
 * One that is given a log group serves any number of event destinations. One without creates a
 * log group under the event destination that uses it, for that one alone. It keeps the events for
 * two years, and is retained when it is removed from its stack, unless the deployment that
 * creates it fails.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-cloud-watch.html
 *
 * @example
 * import * as logs from 'aws-cdk-lib/aws-logs';
 * import { CloudWatchLogsDestination } from 'cdk-pinpoint-event-stream';
 *
 * declare const logGroup: logs.ILogGroup;
 * const toYourLogGroup = new CloudWatchLogsDestination(logGroup);
 * const toNewLogGroup = new CloudWatchLogsDestination();
 */
export class CloudWatchLogsDestination implements ISmsVoiceEventDestination {
  private readonly singleUse = new SingleUse('CloudWatchLogsDestination', 'log group');

  /**
   * A destination that is your log group, or a new one.
   *
   * @param logGroup The log group. Without it, one is created.
   */
  constructor(private readonly logGroup?: logs.ILogGroup) {}

  /**
   * Called by the configuration set.
   *
   * Throws if no log group was passed in and another event destination uses this destination already. Reports an error
   * if the ARN is known, and not that of a log group.
   *
   * @param scope the event destination
   * @returns the log group, and what the role of AWS End User Messaging may do with it
   */
  public bindAsSmsVoiceEventDestination(scope: Construct): SmsVoiceEventDestinationConfig {
    const logGroup = this.logGroup ?? this.createLogGroup(scope);
    validatePassedIn(scope, 'CloudWatchLogsDestination takes a log group', logGroup, logGroup.logGroupArn, LOG_GROUP);
    return {
      logGroup,
      // `LogGroup.grantWrite()` does not fit: it lacks DescribeLogStreams.
      policyStatements: [new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      })],
    };
  }

  private createLogGroup(scope: Construct): logs.LogGroup {
    this.singleUse.claimFor(scope);
    return new logs.LogGroup(scope, 'LogGroup', { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
  }
}
