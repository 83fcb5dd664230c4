import * as iam from 'aws-cdk-lib/aws-iam';
import type { IPinpointEventStream } from './pinpoint-event-stream';

/**
 * Grants that allow principals to use the event stream of an Amazon Pinpoint application.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_pinpoint.html
 *
 * @example
 * import * as iam from 'aws-cdk-lib/aws-iam';
 * import { PinpointEventStream } from 'cdk-pinpoint-event-stream';
 *
 * declare const events: PinpointEventStream;
 * declare const operator: iam.IRole;
 * events.grants.read(operator);
 */
export class PinpointEventStreamGrants {
  /**
   * Creates the grants of an event stream, for your own implementations of `IPinpointEventStream`.
   *
   * @param eventStream the event stream to grant access to
   * @returns the grants of the event stream
   */
  public static fromEventStream(eventStream: IPinpointEventStream): PinpointEventStreamGrants {
    return new PinpointEventStreamGrants(eventStream);
  }

  private constructor(private readonly eventStream: IPinpointEventStream) {}

  /**
   * Allows a principal to read the event stream's settings (`mobiletargeting:GetEventStream`).
   *
   * It does not allow the principal to read the events. For that, use the grants of the destination.
   *
   * @param grantee the principal that may read the settings
   * @returns the grant, which tells whether the principal got the permission
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['mobiletargeting:GetEventStream'],
      resourceArns: [this.eventStream.eventStreamArn],
    });
  }
}
