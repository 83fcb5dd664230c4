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
   * The ID of the application whose events are streamed: 32 lower-case hexadecimal digits.
   *
   * @attribute
   */
  readonly applicationId: string;

  /**
   * The ARN of the event stream, as IAM policies name it: `arn:…:mobiletargeting:…:apps/APPLICATION-ID/eventstream`.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonpinpoint.html
   * @attribute
   */
  readonly eventStreamArn: string;

  /**
   * What principals can be allowed to do with the event stream.
   */
  readonly grants: PinpointEventStreamGrants;
}

abstract class PinpointEventStreamBase extends Resource implements IPinpointEventStream {
  public abstract readonly applicationId: string;
  public abstract readonly eventStreamArn: string;

  /**
   * What principals can be allowed to do with the event stream.
   */
  public readonly grants = PinpointEventStreamGrants.fromEventStream(this);

  /**
   * A reference to the event stream, for constructs of the CDK.
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
   * Changing it moves the event stream: the new application gets one before that of the old application is deleted.
   * To take the application of another event stream of the stack, first see "Giving an event stream the application
   * of another" in the README: where role and destination are passed in to both, the clean-up would delete what is
   * still wanted.
   *
   * Throws if it refers to an application of the app in another region or account. Reports an error if it is malformed, or
   * if another event stream of the stack has it, and a warning if one of
   * another stack of the app has it, or a native `AWS::Pinpoint::EventStream`. What only a deployment knows, such as a
   * parameter, is checked by the deployment.
   */
  readonly applicationId: string;

  /**
   * Where the events go.
   *
   * Changing it moves the event stream without a gap: the new destination and a
   * new role exist before the event stream is changed, and the old ones until after.
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
   * It is given the permissions for the destination, in a policy of their own,
   * unless it is imported as immutable. Its trust is left alone: it must let
   * `pinpoint.amazonaws.com` assume it, for this account and this application only. A warning says
   * what to add where it does not, or where that is not known.
   *
   * Throws if it is no role, or a role of the app in another account than the stack. Reports an error if its ARN names
   * another account.
   *
   * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/permissions-streams.html
   * @default - a new role that only this application of this account can use, and only for this destination
   */
  readonly role?: iam.IRole;

  /**
   * Whether to take over the event stream that the application may already have when this one is created, or moved to it.
   *
   * An application has one event stream at most, and Amazon Pinpoint overwrites it
   * without asking. Unless this is true, a deployment that creates this construct, or
   * changes its application, and finds a stream there that it did not set, fails and
   * leaves that stream as it is. Other updates, which overwrite what they find, and the
   * deletion do not depend on this.
   *
   * Before you take over the stream of another resource of yours, set RETAIN there and deploy, if that
   * is a native `AWS::Pinpoint::EventStream`, or a `PinpointEventStream` with the same role and destination
   * (in another stack, or under a former ID): its deletion may otherwise delete the stream that was taken
   * over. A `PinpointEventStream` with another role or destination leaves it alone.
   *
   * @default false
   */
  readonly replaceExisting?: boolean;

  /**
   * What happens to Amazon Pinpoint's setting when the event stream is removed from its stack.
   *
   * With DESTROY, the setting is deleted if it is still this one; another's is left
   * alone. RETAIN keeps it, and everything that was created for it, including its role
   * and its permissions: without them, it would be dead. RETAIN also keeps what a
   * change of destination or application leaves behind, including the event stream of
   * the former application. Retain a role that you pass in as well: CloudFormation cannot
   * delete one that still has the retained policy. Permissions that you add to the role
   * yourself are yours to retain. Prefer RETAIN_ON_UPDATE_OR_DELETE to RETAIN: it still
   * cleans up after a creation that failed.
   *
   * Throws with SNAPSHOT: CloudFormation cannot take a snapshot of an event stream.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The function that sets and removes the event stream.
   *
   * A deployed event stream can never change its provider: CloudFormation refuses
   * to change the service token of a custom resource.
   *
   * Throws if it is in another region or account than the stack, as far as synthesis knows.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
   * @default - the provider that the event streams of the stack share, see `PinpointEventStreamProvider`
   */
  readonly provider?: PinpointEventStreamProvider;
}

/**
 * Streams the events of an Amazon Pinpoint application to a Kinesis data stream or a Firehose delivery stream.
 *
 * Creates the destination and the role where none are passed in, and keeps
 * Amazon Pinpoint's setting true to the template from the first deployment to the
 * last: its creation takes over no stream that it did not set unless told to, an
 * update sets its own again whatever it finds, and its deletion deletes nothing but
 * its own.
 *
 * What is reported, and not thrown, is an error annotation. The CDK CLI deploys nothing while there is one, but it first
 * looks up what the app asks for, since a malformed value may only stand in for a looked-up one.
 *
 * Amazon Pinpoint reached end of support on 2026-10-30. Every event stream
 * therefore has a warning, which `acknowledgeWarning()` of the CDK's `Annotations`, of the
 * event stream or of its stack, silences with the ID `cdk-pinpoint-event-stream:end-of-support`.
 * The CDK CLI shows that ID with `Annotation::` in front, which is not part of it.
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
   * Refers to the event stream of an application that is managed elsewhere.
   *
   * Reports an error if the application ID is known at synthesis and malformed.
   *
   * @param scope the construct that holds the reference
   * @param id the ID of the reference
   * @param applicationId the application: 32 lower-case hexadecimal digits
   * @returns the reference, which grants, and changes nothing in Amazon Pinpoint
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
   * Refers to an event stream that is managed elsewhere, by its ARN.
   *
   * Reports an error if the ARN is known at synthesis and is not that of an event stream.
   *
   * @param scope the construct that holds the reference
   * @param id the ID of the reference
   * @param eventStreamArn the ARN: `arn:…:mobiletargeting:…:apps/APPLICATION-ID/eventstream`
   * @returns the reference, which grants, and changes nothing in Amazon Pinpoint
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
   * The ID of the application whose events are streamed: 32 lower-case hexadecimal digits.
   *
   * Whatever uses it is deployed after the event stream is set.
   */
  public readonly applicationId: string;

  /**
   * The ARN of the event stream, as IAM policies name it: `arn:…:mobiletargeting:…:apps/APPLICATION-ID/eventstream`.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonpinpoint.html
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
   * The Firehose delivery stream that receives the events, not set where a data stream does, or where a mere reference was passed in.
   */
  public readonly deliveryStream?: firehose.IDeliveryStream;

  /**
   * The bucket that was created for the events, not set where none was.
   */
  public readonly bucket?: s3.IBucket;

  /**
   * The principal that is granted what the event stream is granted: its role.
   */
  public readonly grantPrincipal: iam.IPrincipal;

  /** The application, without a reference to the custom resource. */
  private readonly application: string;
  private readonly removalGroup: RemovalGroup;

  /**
   * Adds the event stream of an application to a stack.
   *
   * Throws where one of its properties says so.
   *
   * @param scope the stack, or a construct in it
   * @param id the ID of the event stream, which stays the same as long as it is deployed
   * @param props the application, and what differs from the defaults
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
    // Creation waits for these; deletion, which runs the other way round, keeps them until the event stream is gone.
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
   * Sets what happens to Amazon Pinpoint's setting when the event stream is removed from its stack.
   *
   * The same as the `removalPolicy` property. Throws with SNAPSHOT: CloudFormation cannot take a snapshot of an event stream.
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

  /** Reports another event stream of the application in the app: Pinpoint keeps one, so they would fight over it. */
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
