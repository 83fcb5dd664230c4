import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Ajv2020, ErrorObject } from 'ajv/dist/2020';
import * as senders from '../../src/private/senders';

const SCHEMAS = join(__dirname, '..', '..', 'docs', 'schemas');

export type JsonRecord = Record<string, unknown>;

/** What a schema says of a field. */
export interface FieldSchema {
  readonly type: string | readonly string[];
  readonly enum?: readonly string[];
  readonly examples?: readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema;
}

/** What a schema says of a record. */
export interface RecordSchema {
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly $defs?: { readonly knownEventType?: { readonly enum: readonly string[] } };
}

/** The records of one service: their schema, and a sample of each type. */
export class Service {
  public readonly name: string;
  public readonly schema: RecordSchema;
  public readonly samples: { readonly file: string; readonly record: JsonRecord }[];
  private readonly samplesFolder: string;
  private readonly validator;

  constructor(public readonly sender: senders.Sender) {
    this.name = sender.name;
    this.samplesFolder = sender.prefix.replace('/', '');
    this.schema = readJson<RecordSchema>(`${this.samplesFolder}-event.schema.json`);
    this.samples = readdirSync(join(SCHEMAS, 'samples', this.samplesFolder)).map((file) => ({ file, record: this.sample(file.replace('.json', '')) }));
    // Strict, which it is by default: a keyword that the validator does not know is an error, and so is a schema that is none.
    this.validator = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(this.schema);
  }

  /** The event types that the schema names. */
  public get eventTypes(): readonly string[] {
    return this.schema.$defs?.knownEventType?.enum ?? this.schema.properties.eventType.enum!;
  }

  /** What the schema says of the field at a path with dots; undefined for a field that it does not name. */
  public field(path: string): FieldSchema | undefined {
    const [first, ...rest] = path.split('.');
    return rest.reduce<FieldSchema | undefined>((outer, name) => outer?.properties?.[name], this.schema.properties[first]);
  }

  /** The sample of an event type. */
  public sample(eventType: string): JsonRecord {
    return readJson('samples', this.samplesFolder, `${eventType.replace(' ', '_')}.json`);
  }

  /** The wrong fields of a record, as paths with dots, each with what is wrong. */
  public errorsOf(record: JsonRecord): string[] {
    this.validator(record);
    return (this.validator.errors ?? []).map((error) => `${fieldOf(error)}: ${error.message}`);
  }
}

function readJson<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(SCHEMAS, ...path), 'utf8')) as T;
}

function fieldOf({ instancePath, params }: ErrorObject): string {
  const path = instancePath.split('/').slice(1);
  return [...path, ...('missingProperty' in params ? [params.missingProperty] : [])].join('.');
}

export const PINPOINT = new Service(senders.PINPOINT);
export const SMS_VOICE = new Service(senders.SMS_VOICE);
export const EMAIL = new Service(senders.EMAIL);
