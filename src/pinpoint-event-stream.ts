import { CustomResource, IResource, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import { CfnEventStream, EventStreamReference, IEventStreamRef } from 'aws-cdk-lib/aws-pinpoint';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { EventStreamDestinationConfig, IEventStreamDestination } from './destinations/event-stream-destination';
import { KinesisStreamDestination } from './destinations/kinesis-stream-destination';
import { EventStreamProperties, RESOURCE_TYPE } from './handler/protocol';
import { PinpointEventStreamGrants } from './pinpoint-event-stream-grants';
import { PinpointEventStreamProvider } from './pinpoint-event-stream-provider';
import { DELIVERY_STREAM, EVENT_STREAM, importProps, resourceNameIn, STREAM } from './private/arn';
import { asDeliveryStream } from './private/delivery-stream';
import { findDuplicate } from './private/duplicates';
import { onceComplete } from './private/once-complete';
import { RemovalGroup } from './private/removal';
import { described, errorAt, reportError, warn } from './private/report';
import { grantServiceRole } from './private/service-role';
import { printable } from './private/tokens';
import { validateApplicationId, validateArn, validateEnvironment } from './private/validation';
import { warnOfWeakReferences } from './private/weak-references';

/**
 * The event stream of an Amazon Pinpoint application.
 *
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/event-streams.html
 */
export interface IPinpointEventStream extends IResource, IEventStreamRef {
  /**
   * The ID of the application that the events come from: 32 lower-case hexadecimal digits.
   *
   * @attribute
   */
  readonly applicationId: string;

  /**
   * The ARN of the event stream, as IAM policies name it: `arn:…:mobiletargeting:…:apps/APPLICATION-ID/eventstream`.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_pinpoint.html
   * @attribute
   */
  readonly eventStreamArn: string;

  /**
   * Grants that allow principals to use the event stream.
   */
  readonly grants: PinpointEventStreamGrants;
}

abstract class PinpointEventStreamBase extends Resource implements IPinpointEventStream {
  public abstract readonly applicationId: string;
  public abstract readonly eventStreamArn: string;

  /**
   * Grants that allow principals to use the event stream.
   */
  public readonly grants = PinpointEventStreamGrants.fromEventStream(this);

  /**
   * A reference to the event stream, for the CDK's own constructs.
   */
  public get eventStreamRef(): EventStreamReference {
    return { eventStreamId: this.applicationId };
  }
}

/**
 * Properties of a `PinpointEventStream`.
 *
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-eventstream.html
 */
export interface PinpointEventStreamProps {
  /**
   * The ID of the Amazon Pinpoint application: 32 lower-case hexadecimal digits, which the console called the project ID.
   *
   * A change moves the event stream: the new application gets its event stream before that of the old application is deleted.
   *
   * Do not simply give this construct the application of another event stream of the stack. If you pass the same role and
   * destination to both, the clean-up deletes an event stream that is still wanted. Follow the steps of "Pass an application
   * on" in `docs/behaviour.md` of the repository.
   *
   * Throws if it refers to an application of the app in another region or account than the stack. Reports an error if it is
   * malformed, or if another event stream of the stack has the same application. Warns if an event stream of another stack of
   * the app has it, or a native `AWS::Pinpoint::EventStream`. A value that only a deployment knows, such as a parameter, is
   * checked during the deployment.
   *
   * @see https://github.com/cdk-pinpoint-event-stream/cdk-pinpoint-event-stream/blob/main/docs/behaviour.md#pass-an-application-on
   */
  readonly applicationId: string;

  /**
   * Where the events go.
   *
   * A change moves the events without a gap. The new destination and a new role exist before the event stream is changed. The
   * old ones are deleted afterwards, unless they are retained.
   *
   * Throws if it is not an `IEventStreamDestination`, or is a resource of the app in another region or account than the
   * stack. Reports an error if it is neither a Kinesis data stream nor a Firehose delivery stream, or if its ARN names
   * another region or account.
   *
   * @default - a new on-demand Kinesis data stream, encrypted with the AWS managed key and retained when it is removed from the stack
   */
  readonly destination?: IEventStreamDestination;

  /**
   * The role that Amazon Pinpoint assumes to write to the destination.
   *
   * The role gets the permissions for the destination in a separate policy, unless it is imported as immutable. A warning then
   * says which permissions to add.
   *
   * Its trust policy stays as it is. It must let `pinpoint.amazonaws.com` assume the role, for this account and this
   * application only. If it does not, or if synthesis does not know it, a warning has the statement to add.
   *
   * Throws if it is not a role, or is a role of the app in another account than the stack. Reports an error if its ARN names
   * another account.
   *
   * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/permissions-streams.html
   * @default - a new role that Amazon Pinpoint can use for this application of this account only, to write to this destination only
   */
  readonly role?: iam.IRole;

  /**
   * Whether to take over an event stream that the application already has.
   *
   * An application has at most one event stream, and Amazon Pinpoint overwrites it without asking. A deployment that creates
   * this construct, or changes its `applicationId`, may find an event stream that the construct did not set. Unless this is
   * true, the deployment then fails and leaves that event stream as it is.
   *
   * The property has no effect on deletion or on other updates, which overwrite what they find.
   *
   * Before you take over an event stream, make its owner let go of it. Otherwise, the owner may delete it later:
   *
   * - A native `AWS::Pinpoint::EventStream`: set RETAIN there and deploy.
   * - A `PinpointEventStream` with the same role and destination, in another stack or under a former ID: set RETAIN there and
   *   deploy. With another role or destination, it leaves your event stream alone.
   * - Terraform or a script: have it forget the event stream, with `terraform state rm` for example.
   *
   * @default false
   */
  readonly replaceExisting?: boolean;

  /**
   * What happens to the event stream in Amazon Pinpoint when it is removed from its stack.
   *
   * - DESTROY deletes it if its role and destination are still those of this construct. Any other event stream is left alone.
   * - RETAIN keeps it, and everything that was created for it, including the role and the permissions without which no events
   *   would arrive. It also keeps what a change of destination or application leaves behind, including the event stream of the
   *   former application.
   * - RETAIN_ON_UPDATE_OR_DELETE does the same, but cleans up after a creation that failed. Prefer it to RETAIN.
   *
   * With either of the last two, also retain a role that you pass in, because CloudFormation cannot delete a role that still has
   * the retained policy, and retain the permissions that you add to the role yourself.
   *
   * Throws with SNAPSHOT: CloudFormation cannot take a snapshot of an event stream.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The provider of the Lambda function that sets and removes the event stream.
   *
   * A deployed event stream can never change its provider, because CloudFormation refuses to change the service token of a
   * custom resource.
   *
   * Throws if it is known to be in another region or account than the stack.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
   * @default - the provider that the event streams of the stack share, `PinpointEventStreamProvider.forStack()`
   */
  readonly provider?: PinpointEventStreamProvider;
}

/**
 * Streams the events of an Amazon Pinpoint application to a Kinesis data stream or a Firehose delivery stream.
 *
 * It creates the destination and the role unless you pass them in. It keeps Amazon Pinpoint's setting as the template has it:
 *
 * - A creation does not take over an event stream that it did not set, unless `replaceExisting` is true.
 * - An update sets the event stream again, whatever it finds.
 * - A deletion deletes only the event stream that this construct set.
 *
 * Where a property "reports an error", that is an error annotation, which is not thrown. The CDK CLI deploys nothing while there
 * is one. It first performs the look-ups of the app, because a malformed value may only stand in for a looked-up one.
 *
 * Amazon Pinpoint reached end of support on 2026-10-30, so every event stream has a warning. To silence it, call
 * `Annotations.of(events).acknowledgeWarning('cdk-pinpoint-event-stream:end-of-support')` on the event stream or on its stack.
 * The CDK CLI prints that ID with `Annotation::` in front, which is not part of the ID.
 *
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/event-streams.html
 *
 * @example
 * import { Stack } from 'aws-cdk-lib';
 * import { FirehoseDestination, PinpointEventStream } from 'cdk-pinpoint-event-stream';
 *
 * declare const stack: Stack;
 * new PinpointEventStream(stack, 'Events', {
 *   applicationId: '0123456789abcdef0123456789abcdef',
 *   destination: new FirehoseDestination(),
 * });
 */
@propertyInjectable
export class PinpointEventStream extends PinpointEventStreamBase implements iam.IGrantable {
  /** Identifies this class for property injection. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-pinpoint-event-stream.PinpointEventStream';

  /**
   * Imports the event stream of an application that is managed elsewhere.
   *
   * Reports an error if the application ID is known at synthesis and malformed.
   *
   * @param scope the parent of the imported event stream
   * @param id the ID of the imported event stream in its scope
   * @param applicationId the ID of the application: 32 lower-case hexadecimal digits
   * @returns the event stream, for grants and references. It changes nothing in Amazon Pinpoint
   */
  public static fromApplicationId(scope: Construct, id: string, applicationId: string): IPinpointEventStream {
    class Import extends PinpointEventStreamBase {
      public readonly applicationId = applicationId;
      public readonly eventStreamArn = arnOf(this, applicationId);
    }
    const eventStream = new Import(scope, id);
    validateApplicationId(eventStream, applicationId);
    return eventStream;
  }

  /**
   * Imports an event stream that is managed elsewhere, by its ARN.
   *
   * Reports an error if the ARN is known at synthesis and is not the ARN of an event stream.
   *
   * @param scope the parent of the imported event stream
   * @param id the ID of the imported event stream in its scope
   * @param eventStreamArn the ARN: `arn:…:mobiletargeting:…:apps/APPLICATION-ID/eventstream`
   * @returns the event stream, for grants and references. It changes nothing in Amazon Pinpoint
   */
  public static fromEventStreamArn(scope: Construct, id: string, eventStreamArn: string): IPinpointEventStream {
    class Import extends PinpointEventStreamBase {
      public readonly applicationId = resourceNameIn(eventStreamArn);
      public readonly eventStreamArn = eventStreamArn;
    }
    const eventStream = new Import(scope, id, importProps(eventStreamArn, EVENT_STREAM));
    validateArn(eventStream, 'eventStreamArn', eventStreamArn, EVENT_STREAM);
    return eventStream;
  }

  /**
   * The ID of the application that the events come from: 32 lower-case hexadecimal digits.
   *
   * A resource that uses this attribute is deployed after the event stream is set.
   */
  public readonly applicationId: string;

  /**
   * The ARN of the event stream, as IAM policies name it: `arn:…:mobiletargeting:…:apps/APPLICATION-ID/eventstream`.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_pinpoint.html
   */
  public readonly eventStreamArn: string;

  /**
   * The ARN of the Kinesis data stream or of the Firehose delivery stream that receives the events.
   */
  public readonly destinationArn: string;

  /**
   * The role that Amazon Pinpoint assumes to write to the destination.
   */
  public readonly role: iam.IRole;

  /**
   * The Kinesis data stream that receives the events, not set where a delivery stream does.
   */
  public readonly stream?: kinesis.IStream;

  /**
   * The Firehose delivery stream that receives the events, not set where a data stream does, or where only a reference was passed in.
   */
  public readonly deliveryStream?: firehose.IDeliveryStream;

  /**
   * The bucket that was created for the events, not set where none was.
   */
  public readonly bucket?: s3.IBucket;

  /**
   * The principal that receives what is granted to the event stream: its role.
   */
  public readonly grantPrincipal: iam.IPrincipal;

  /** The application ID as it was passed in, without a reference to the custom resource. */
  private readonly application: string;
  private readonly removalGroup: RemovalGroup;

  /**
   * Adds the event stream of an application to a stack.
   *
   * Throws where one of the properties says so.
   *
   * @param scope the stack, or a construct in it
   * @param id the ID of the event stream, which must not change while it is deployed
   * @param props the properties: only `applicationId` is required
   */
  constructor(scope: Construct, id: string, props: PinpointEventStreamProps) {
    super(scope, id);
    const { applicationId } = props;
    this.application = applicationId;
    validateApplicationId(this, applicationId);
    validateEnvironment(this, 'applicationId', applicationId);
    onceComplete(this, () => this.reportDuplicate());

    const destination = this.bind(props.destination ?? new KinesisStreamDestination());
    const { role, dependables, digest } = grantServiceRole(this, {
      description: 'Lets Amazon Pinpoint write the events of one application to their destination',
      service: 'pinpoint.amazonaws.com',
      sourceArn: Stack.of(this).formatArn({ service: 'mobiletargeting', resource: 'apps', resourceName: applicationId }),
      policyStatements: destination.policyStatements,
      identity: [applicationId, destination.destinationArn],
      role: props.role,
    });
    this.role = role;
    this.grantPrincipal = role.grantPrincipal;

    const provider = props.provider ?? PinpointEventStreamProvider.forStack(this);
    const handlerPolicy = provider._grantManage(this, `HandlerPolicy${digest}`, applicationId, this.role.roleArn);

    const properties: EventStreamProperties = {
      ApplicationId: applicationId,
      DestinationStreamArn: destination.destinationArn,
      RoleArn: this.role.roleArn,
      ReplaceExisting: String(props.replaceExisting ?? false),
    };
    const resource = new CustomResource(this, 'Resource', {
      resourceType: RESOURCE_TYPE,
      serviceToken: provider._serviceToken,
      serviceTimeout: provider._serviceTimeout,
      properties: { ...properties },
    });
    this.node.defaultChild = resource.node.defaultChild;
    // Creation waits for these. Deletion runs in reverse order, so it keeps them until the event stream is gone.
    resource.node.addDependency(...dependables, handlerPolicy, ...provider._dependables, ...destination.dependables ?? []);

    this.applicationId = resource.ref;
    this.eventStreamArn = arnOf(this, applicationId);
    this.destinationArn = destination.destinationArn;
    this.stream = destination.stream;
    this.deliveryStream = asDeliveryStream(destination.deliveryStream);
    this.bucket = destination.bucket;

    this.removalGroup = new RemovalGroup(this);
    this.removalGroup.addAllIn(this);
    if (props.removalPolicy) {
      this.applyRemovalPolicy(props.removalPolicy);
    }
    warnOfEndOfSupport(this);
  }

  /**
   * Sets what happens to the event stream in Amazon Pinpoint when it is removed from its stack.
   *
   * This does the same as the `removalPolicy` property. Throws with SNAPSHOT: CloudFormation cannot take a snapshot of an event stream.
   *
   * @param policy DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE
   */
  public applyRemovalPolicy(policy: RemovalPolicy): void {
    this.removalGroup.applyRemovalPolicy(policy);
  }

  private bind(destination: IEventStreamDestination): EventStreamDestinationConfig {
    if (typeof destination.bind !== 'function') {
      throw errorAt(this,
        `destination must be an IEventStreamDestination, got ${described(destination)}: ` +
        'pass a data stream to KinesisStreamDestination, or a delivery stream to FirehoseDestination');
    }
    const config = destination.bind(this);
    validateArn(this, 'destination', config.destinationArn, STREAM, DELIVERY_STREAM);
    validateEnvironment(this, 'destination', config.destinationArn);
    warnOfWeakReferences(this, { destination: config.destinationArn });
    return config;
  }

  /** Reports another event stream of the same application in the app. Pinpoint keeps only one, so the two would overwrite each other. */
  private reportDuplicate(): void {
    const duplicate = findDuplicate(this, (node) => {
      const isNative = CfnEventStream.isCfnEventStream(node);
      return node instanceof PinpointEventStream ? node.application : isNative ? node.applicationId : undefined;
    });
    if (!duplicate) {
      return;
    }
    const application = printable(this, this.application);
    if (duplicate instanceof PinpointEventStream && Stack.of(duplicate) === Stack.of(this)) {
      reportError(this, `application ${application} already has the event stream '${duplicate.node.path}' in this stack: remove one of the two`);
    } else {
      warn(this, 'second-event-stream',
        `application ${application} also has the event stream '${duplicate.node.path}', but Amazon Pinpoint keeps only one: ` +
        'remove one of the two, and if that one is deployed, first deploy it with a removal policy of RETAIN');
    }
  }
}

function arnOf(scope: Construct, applicationId: string): string {
  return Stack.of(scope).formatArn({
    service: 'mobiletargeting',
    resource: 'apps',
    resourceName: `${applicationId}/eventstream`,
  });
}

function warnOfEndOfSupport(scope: Construct): void {
  warn(scope, 'end-of-support',
    'Amazon Pinpoint reached end of support on 2026-10-30. SMS, voice and push messages and their APIs continue as AWS End User Messaging, ' +
    'and email as Amazon SES. Segments, campaigns, journeys and analytics ended. AWS does not document what the event stream API answers now. ' +
    'Stream the events of End User Messaging and SES from their configuration sets, and keep this event stream only as long as it still delivers: ' +
    'https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html');
}
