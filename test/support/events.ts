import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Ajv2020, ErrorObject } from 'ajv/dist/2020';

const DOCS = join(__dirname, '..', '..', 'docs');

export interface Schema {
  readonly description?: string;
  readonly enum?: string[];
  readonly examples?: string[];
  readonly properties?: Record<string, Schema>;
  readonly $defs?: Record<string, Schema>;
}

export type JsonRecord = Record<string, unknown>;

/** The records of one service: their schema, and a sample of each type. */
export class Service {
  public readonly schema: Schema;
  public readonly samples: { readonly file: string; readonly record: JsonRecord }[];
  private readonly validator;

  constructor(public readonly name: string, schemaFile: string, samplesFolder: string, private readonly typeField: string) {
    this.schema = JSON.parse(readDocument(`schemas/${schemaFile}`));
    this.samples = readdirSync(join(DOCS, 'schemas', 'samples', samplesFolder))
      .map((file) => ({ file, record: JSON.parse(readDocument(`schemas/samples/${samplesFolder}/${file}`)) }));
    // Strict, which it is by default: a keyword that the validator does not know is an error, and so is a schema that is none.
    this.validator = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(this.schema);
  }

  /** The event types that the schema knows. */
  public get eventTypes(): string[] {
    return (this.schema.$defs?.documentedEventType ?? this.schema.properties![this.typeField]).enum!;
  }

  public typeOf(record: JsonRecord): unknown {
    return record[this.typeField];
  }

  /** A copy of the sample of an event type. */
  public sample(eventType: string): JsonRecord {
    return structuredClone(this.samples.find(({ record }) => this.typeOf(record) === eventType)!.record);
  }

  /** The wrong fields of a record, as paths with dots, each with what is wrong. */
  public errorsOf(record: JsonRecord): string[] {
    this.validator(record);
    return (this.validator.errors ?? []).map((error) => `${fieldOf(error)}: ${error.message}`);
  }

  /** What the schema says of the field at a path with dots. */
  public field(path: string): Schema | undefined {
    return path.split('.').reduce<Schema | undefined>((schema, name) => schema?.properties?.[name], this.schema);
  }
}

function fieldOf({ instancePath, params }: ErrorObject): string {
  const path = instancePath.split('/').slice(1);
  return [...path, ...('missingProperty' in params ? [params.missingProperty] : [])].join('.');
}

export const PINPOINT = new Service('Amazon Pinpoint', 'pinpoint-event.schema.json', 'pinpoint', 'event_type');
export const SMS_VOICE = new Service('AWS End User Messaging', 'sms-voice-event.schema.json', 'sms-voice', 'eventType');

export function readDocument(path: string): string {
  return readFileSync(join(DOCS, path), 'utf8');
}

/** The rows of the table under a heading, each as its cells. */
export function tableUnder(heading: string, document: string): string[][] {
  const section = document.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`))!;
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()));
}

/** What is set as code in a text. */
export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
}
