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
 * With a stream of yours, one destination serves any number of event streams. Without one, it serves a single event stream, and
 * creates an on-demand stream under it, encrypted with the AWS managed key. That stream is retained when it is removed from its
 * stack, unless the deployment that creates it fails.
 *
 * If a customer managed key encrypts your stream, its `encryptionKey` must be that key or an alias of it. The role may then generate
 * data keys for this stream. For an imported stream, pass the key to `Stream.fromStreamAttributes()`. A warning reminds you if it has
 * no key.
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
   * Creates a destination for your stream, or for a new one.
   *
   * @param stream The data stream, in the event stream's region and account. Without it, the destination creates one.
   */
  constructor(private readonly stream?: kinesis.IStream) {}

  /**
   * Binds the destination to an event stream, which calls this.
   *
   * Throws if you passed no stream and another event stream already uses this destination. Reports an error if the ARN is
   * known and is not the ARN of a data stream.
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
