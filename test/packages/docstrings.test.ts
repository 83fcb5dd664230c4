import { Assembly, ClassType, InterfaceType } from '@jsii/spec';
import { builtAssembly } from './assembly';
import { findGaps } from './docstrings';

const typeOf = <T>({ name, types }: Assembly, type: string) => types![`${name}.${type}`] as T;
const propertyOf = (assembly: Assembly, type: string, property: string) =>
  typeOf<InterfaceType>(assembly, type).properties!.find(({ name }) => name === property)!;
const methodOf = (assembly: Assembly, type: string, method: string) =>
  typeOf<ClassType>(assembly, type).methods!.find(({ name }) => name === method)!;

/** What throws: all constructors and methods, but these. */
const NEVER_THROW = [
  'CloudWatchLogsDestination()', 'FirehoseDestination()', 'KinesisStreamDestination()', 'SnsTopicDestination()',
  'IPinpointEventStream.grantRead()', 'PinpointEventStream.grantRead()', 'SmsVoiceEventStream.generatePhysicalName()',
];

test('every public type, constructor, method, parameter and property is documented: meaning, unit, default, result and source', () => {
  expect(findGaps(builtAssembly())).toEqual([]);
});

test('every constructor and method that throws tells when', () => {
  const silent = Object.values(builtAssembly().types!).flatMap((type) => {
    const { name, initializer, methods = [] } = type as ClassType;
    const callables = [...initializer ? [{ ...initializer, name: '' }] : [], ...methods];
    return callables
      .filter(({ docs }) => !/\b(Throws|May throw)\b/.test(docs?.remarks ?? ''))
      .map((callable) => callable.name ? `${name}.${callable.name}()` : `${name}()`);
  });

  expect(silent.sort()).toEqual([...NEVER_THROW].sort());
});

test.each<[gap: string, make: (assembly: Assembly) => void]>([
  ['PinpointEventStream has no summary', (assembly) => { delete typeOf<ClassType>(assembly, 'PinpointEventStream').docs!.summary; }],
  ['PinpointEventStream does not tell its source (@see)', (assembly) => { delete typeOf<ClassType>(assembly, 'PinpointEventStream').docs!.see; }],
  ['PinpointEventStream has no @example', (assembly) => { delete typeOf<ClassType>(assembly, 'PinpointEventStream').docs!.example; }],
  ['PinpointEventStream() has no summary', (assembly) => { delete typeOf<ClassType>(assembly, 'PinpointEventStream').initializer!.docs; }],
  ['PinpointEventStream(), parameter props has no summary',
    (assembly) => { delete typeOf<ClassType>(assembly, 'PinpointEventStream').initializer!.parameters![2].docs; }],
  ['PinpointEventStream.grantRead() does not tell what it returns',
    (assembly) => { delete methodOf(assembly, 'PinpointEventStream', 'grantRead').docs!.returns; }],
  ["PinpointEventStream.grantRead() uses @throws, which is not shown to users: begin a sentence with 'Throws' instead",
    (assembly) => { methodOf(assembly, 'PinpointEventStream', 'grantRead').docs!.custom = { throws: 'if it cannot' }; }],
  ["PinpointEventStream.grantRead() has a summary that is no sentence: 'Allows this;'",
    (assembly) => { methodOf(assembly, 'PinpointEventStream', 'grantRead').docs!.summary = 'Allows this;'; }],
  ['PinpointEventStreamProps.replaceExisting has no @default',
    (assembly) => { delete propertyOf(assembly, 'PinpointEventStreamProps', 'replaceExisting').docs!.default; }],
  ['PinpointEventStream.bucket does not tell when it is not set',
    (assembly) => { propertyOf(assembly, 'PinpointEventStream', 'bucket').docs!.summary = 'The bucket.'; }],
  ['PinpointEventStreamProviderProps.propagationTimeout does not tell its unit',
    (assembly) => { propertyOf(assembly, 'PinpointEventStreamProviderProps', 'propagationTimeout').docs!.remarks = 'From 0 to 10.'; }],
  ['PinpointEventStream.lastModifiedDate does not tell the form of the date',
    (assembly) => { propertyOf(assembly, 'PinpointEventStream', 'lastModifiedDate').docs!.summary = 'When it was modified.'; }],
  ['PinpointEventStream.destinationArn does not tell that it is an ARN',
    (assembly) => { propertyOf(assembly, 'PinpointEventStream', 'destinationArn').docs!.summary = 'The destination.'; }],
  ['PinpointEventStreamProps.applicationId does not tell the form of the ID',
    (assembly) => { propertyOf(assembly, 'PinpointEventStreamProps', 'applicationId').docs!.summary = 'The application.'; }],
  ['FirehoseDestination(), parameter deliveryStream does not tell what happens without it',
    (assembly) => { typeOf<ClassType>(assembly, 'FirehoseDestination').initializer!.parameters![0].docs = { summary: 'The delivery stream.' }; }],
])('it is found that %s', (gap, make) => {
  // GIVEN
  const assembly = builtAssembly();
  make(assembly);

  // WHEN
  const gaps = findGaps(assembly);

  // THEN
  expect(gaps).toEqual([gap]);
});
