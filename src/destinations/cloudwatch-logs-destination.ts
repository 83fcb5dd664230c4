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
 * With a log group of yours, one destination serves any number of event destinations. Without one, it serves a single event
 * destination, and creates a log group under it. That log group keeps the events for two years, and is retained when it is
 * removed from its stack, unless the deployment that creates it fails.
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
   * Creates a destination for your log group, or for a new one.
   *
   * @param logGroup The log group, in the configuration set's region and account. Without it, the destination creates one.
   */
  constructor(private readonly logGroup?: logs.ILogGroup) {}

  /**
   * Binds this to an event destination of a configuration set, which calls this.
   *
   * Throws if you passed no log group and another event destination already uses this destination. Reports an error if the ARN
   * is known and is not the ARN of a log group.
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
