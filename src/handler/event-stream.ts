import type { EventStreamProperties } from './protocol';

/** Where an event stream sends events, and the role that Pinpoint assumes to write there. */
export type Setting = Pick<EventStreamProperties, 'DestinationStreamArn' | 'RoleArn'>;

/** The event stream of an application, as Pinpoint describes it. */
export interface EventStream extends Setting {
  readonly ApplicationId?: string;
  /** ISO 8601. */
  readonly LastModifiedDate?: string;
  readonly LastUpdatedBy?: string;
}

/** Whether the event stream has exactly this setting. */
export function hasSetting(found: Setting | undefined, setting: Setting): boolean {
  return found !== undefined && found.DestinationStreamArn === setting.DestinationStreamArn && found.RoleArn === setting.RoleArn;
}

/** Whether nobody set or deleted the event stream between two looks, as far as its date shows. */
export function isUnchanged(before: EventStream | undefined, now: EventStream | undefined): boolean {
  return before ? hasSetting(now, before) && before.LastModifiedDate === now?.LastModifiedDate : !now;
}

/** Whether the event stream is known to have been modified since then, in milliseconds since the epoch. */
export function isModifiedSince(found: EventStream | undefined, since: number | undefined): boolean {
  return since !== undefined && Date.parse(found?.LastModifiedDate ?? '') >= since;
}
