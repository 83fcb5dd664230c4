import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ENV } from './synth';

/** A role as it is deployed: all references in it are resolved. */
export interface Role {
  readonly arn: string;
  readonly trust: unknown;
  readonly policies: readonly { readonly name: string; readonly policy: unknown }[];
}

/** A stack as it is deployed into a region, as far as IAM is asked about it: all references are resolved. */
export class Deployment {
  private readonly template: any;

  constructor(readonly partition: string, readonly region: string, build: (stack: Stack) => void) {
    const stack = new Stack(undefined, 'Stack', { env: { ...ENV, region } });
    build(stack);
    this.template = Template.fromStack(stack).toJSON();
  }

  /** The ARN of the one resource of a type whose logical ID begins so. */
  public arnOf(type: string, logicalIdPrefix: string): string {
    return this.arn(this.logicalId(type, logicalIdPrefix));
  }

  /** The name of the one resource of a type whose logical ID begins so. */
  public nameOf(type: string, logicalIdPrefix: string): string {
    return this.logicalId(type, logicalIdPrefix);
  }

  public keyPolicy(logicalIdPrefix: string): unknown {
    return this.resolve(this.template.Resources[this.logicalId('AWS::KMS::Key', logicalIdPrefix)].Properties.KeyPolicy);
  }

  public topicPolicy(logicalIdPrefix: string): unknown {
    return this.resolve(this.template.Resources[this.logicalId('AWS::SNS::TopicPolicy', logicalIdPrefix)].Properties.PolicyDocument);
  }

  /** The role whose logical ID begins so, with its inline policies and those that are attached to it. */
  public role(logicalIdPrefix: string): Role {
    const id = this.logicalId('AWS::IAM::Role', logicalIdPrefix);
    const { AssumeRolePolicyDocument, Policies = [] } = this.template.Resources[id].Properties;
    const attached = Object.values<any>(this.template.Resources)
      .filter(({ Type, Properties }) => Type === 'AWS::IAM::Policy' && Properties.Roles.some((role: any) => role.Ref === id))
      .map(({ Properties }) => Properties);
    return {
      arn: this.arn(id),
      trust: this.resolve(AssumeRolePolicyDocument),
      policies: [...Policies, ...attached].map(({ PolicyDocument }, index) => ({ name: `policy ${index}`, policy: this.resolve(PolicyDocument) })),
    };
  }

  private logicalId(type: string, prefix: string): string {
    const found = Object.keys(this.template.Resources).filter((id) => id.startsWith(prefix) && this.template.Resources[id].Type === type);
    expect(found).toHaveLength(1);
    return found[0];
  }

  private arn(logicalId: string): string {
    const [service, name, location = `${this.region}:${ENV.account}`] = {
      'AWS::IAM::Role': ['iam', `role/${logicalId}`, `:${ENV.account}`],
      'AWS::Kinesis::Stream': ['kinesis', `stream/${logicalId}`],
      'AWS::KinesisFirehose::DeliveryStream': ['firehose', `deliverystream/${logicalId}`],
      'AWS::KMS::Key': ['kms', `key/${logicalId}`],
      'AWS::Logs::LogGroup': ['logs', `log-group:${logicalId}:*`],
      'AWS::S3::Bucket': ['s3', logicalId.toLowerCase(), ':'],
      'AWS::SNS::Topic': ['sns', logicalId],
    }[this.template.Resources[logicalId].Type as string]!;
    return `arn:${this.partition}:${service}:${location}:${name}`;
  }

  private resolve(value: any): any {
    if (Array.isArray(value)) {
      return value.map((element) => this.resolve(element));
    }
    if (typeof value !== 'object') {
      return value;
    }
    const [[intrinsic, argument]] = Object.entries<any>(value);
    switch (intrinsic) {
      case 'Ref': return ({ 'AWS::Partition': this.partition, 'AWS::Region': this.region, 'AWS::AccountId': ENV.account } as any)[argument]
        // The reference of a topic is its ARN, that of the others their name.
        ?? (this.template.Resources[argument].Type === 'AWS::SNS::Topic' ? this.arn(argument) : argument);
      case 'Fn::Join': return argument[1].map((element: unknown) => this.resolve(element)).join(argument[0]);
      case 'Fn::GetAtt': return this.arn(argument[0]);
      default: return Object.fromEntries(Object.entries(value).map(([name, element]) => [name, this.resolve(element)]));
    }
  }
}
