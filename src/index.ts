export * from './pinpoint-event-stream';
export * from './event-stream-destination';
export * from './destinations/kinesis-stream-destination';
export * from './destinations/firehose-destination';
export * from './provider/pinpoint-event-stream-provider';
