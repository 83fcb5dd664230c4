import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { EventStreamDestinationConfig, IEventStreamDestination } from './event-stream-destination';
import { STREAM } from '../private/arn';
import { keyStatements, warnOfUnknownKey } from '../private/encryption-key';
import { SingleUse } from '../private/single-use';
import { validatePassedIn } from '../private/validation';

/**
 * Sends the events to a Kinesis data stream.
 *
 * One that is given a stream serves any number of event streams. One without creates an
 * on-demand stream, encrypted with the AWS managed key, under the event stream that uses it,
 * for that one alone. It is retained when it is removed from its stack, unless the deployment
 * that creates it fails.
 *
 * A stream encrypted with a customer managed key needs no more than the key, or an
 * alias of it, in its `encryptionKey`: the role is then allowed to generate data keys
 * for this stream. An imported stream has it from `Stream.fromStreamAttributes()`; a
 * warning reminds of it where it has none.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
 *
 * @example
 * import * as kinesis from 'aws-cdk-lib/aws-kinesis';
 * import { KinesisStreamDestination } from 'cdk-pinpoint-event-stream';
 *
 * declare const stream: kinesis.IStream;
 * const toYourStream = new KinesisStreamDestination(stream);
 * const toNewStream = new KinesisStreamDestination();
 */
export class KinesisStreamDestination implements IEventStreamDestination {
  private readonly singleUse = new SingleUse('KinesisStreamDestination', 'stream');

  /**
   * A destination that is your stream, or a new one.
   *
   * @param stream The data stream, in the event stream's region and account. Without it, one is created.
   */
  constructor(private readonly stream?: kinesis.IStream) {}

  /**
   * Called by the event stream.
   *
   * Throws if no stream was passed in and another event stream uses this destination already. Reports an error if the ARN
   * is known, and not that of a data stream.
   *
   * @param scope the event stream
   * @returns the stream, and what Pinpoint's role may do with it and with its key
   */
  public bind(scope: Construct): EventStreamDestinationConfig {
    const stream = this.stream ?? this.createStream(scope);
    validatePassedIn(scope, 'KinesisStreamDestination takes a data stream', stream, stream.streamArn, STREAM);
    return {
      destinationArn: stream.streamArn,
      policyStatements: policyStatements(scope, stream),
      stream,
    };
  }

  private createStream(scope: Construct): kinesis.Stream {
    this.singleUse.claimFor(scope);
    return new kinesis.Stream(scope, 'Stream', {
      streamMode: kinesis.StreamMode.ON_DEMAND,
      encryption: kinesis.StreamEncryption.MANAGED,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}

/** `Stream.grantWrite()` does not fit: it lacks DescribeStream, and allows what Pinpoint does not need. */
function policyStatements(scope: Construct, stream: kinesis.IStream): iam.PolicyStatement[] {
  const { streamArn, encryptionKey } = stream;
  if (!encryptionKey && !stream.node.defaultChild) {
    warnOfUnknownKey(scope, `imported stream '${stream.node.path}'`, 'pass it as encryptionKey to Stream.fromStreamAttributes()');
  }
  return [
    new iam.PolicyStatement({ actions: ['kinesis:PutRecords', 'kinesis:DescribeStream'], resources: [streamArn] }),
    ...encryptionKey
      ? keyStatements(scope, encryptionKey, ['kms:GenerateDataKey'], { StringEquals: { 'kms:EncryptionContext:aws:kinesis:arn': streamArn } })
      : [],
  ];
}
