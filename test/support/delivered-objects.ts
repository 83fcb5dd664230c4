import { randomUUID } from 'crypto';
import { gzipSync } from 'zlib';
import { Template } from 'aws-cdk-lib/assertions';
import { EMAIL, Sender } from '../../src/private/senders';

export interface S3Object {
  /** The logical ID of the bucket. */
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
}

export interface Delivery {
  /** When Firehose got the first of the records. */
  readonly time: Date;
  readonly records: readonly object[];
  /** Whether each record ends with a newline already when Firehose gets it. By default, those of SES do: AWS documents it of no other sender. */
  readonly endsRecords?: boolean;
}

/** What a template says of a delivery stream. */
interface S3Destination {
  readonly BucketARN: { readonly 'Fn::GetAtt': [bucket: string, attribute: 'Arn'] };
  readonly Prefix: string;
  readonly CompressionFormat: string;
  readonly ProcessingConfiguration?: { readonly Processors: readonly { readonly Type: string }[] };
}

const COMPRESSIONS: Readonly<Record<string, { extension: string; compress(data: string): Buffer }>> = {
  GZIP: { extension: '.gz', compress: gzipSync },
};

const PROCESSORS: Readonly<Record<string, (record: string) => string>> = {
  AppendDelimiterToRecord: (record) => `${record}\n`,
};

/**
 * The object that the delivery stream of a sender makes of some records, by what AWS documents. No emulator does as much: they
 * know neither processors nor compression.
 *
 * @throws if the template asks for something else than the library uses
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
 */
export function deliver(template: Template, sender: Sender, { time, records, endsRecords = sender === EMAIL }: Delivery): S3Object {
  const [name, destination] = deliveryStreamOf(template, sender);
  const processors = destination.ProcessingConfiguration?.Processors ?? [];
  const { extension, compress } = known(COMPRESSIONS, destination.CompressionFormat);
  // Firehose writes the records one after the other, and puts nothing in between on its own.
  const data = records.map((record) => {
    const sent = JSON.stringify(record) + (endsRecords ? '\n' : '');
    return processors.reduce((processed, { Type }) => known(PROCESSORS, Type)(processed), sent);
  }).join('');
  const [day, clock] = time.toISOString().split(/[T.]/);
  return {
    bucket: destination.BucketARN['Fn::GetAtt'][0],
    key: `${evaluate(destination.Prefix, day)}${name}-1-${day}-${clock.replaceAll(':', '-')}-${randomUUID()}${extension}`,
    body: compress(data),
  };
}

function deliveryStreamOf(template: Template, { prefix }: Sender): [name: string, destination: S3Destination] {
  for (const [logicalId, { Properties }] of Object.entries(template.findResources('AWS::KinesisFirehose::DeliveryStream'))) {
    const destination = Properties.ExtendedS3DestinationConfiguration as S3Destination;
    if (destination.Prefix.startsWith(prefix)) {
      return [logicalId, destination];
    }
  }
  throw new Error(`no delivery stream of the template writes below ${prefix}`);
}

function evaluate(prefix: string, day: string): string {
  const evaluated = prefix.replaceAll('!{timestamp:yyyy-MM-dd}', day);
  if (evaluated === prefix || evaluated.includes('!{')) {
    throw new Error(`it is not known what Firehose makes of the prefix ${prefix}`);
  }
  return evaluated;
}

function known<T>(values: Readonly<Record<string, T>>, name: string): T {
  if (!(name in values)) {
    throw new Error(`it is not known what Firehose does with ${name}`);
  }
  return values[name];
}
