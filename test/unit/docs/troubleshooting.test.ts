import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { Guide } from '../../support/guide';

// docs/troubleshooting.md has a row for each message of the library, and no row for one that is not there. Messages are found in the
// source as text of several words, wherever it goes: so a new one is found as well.

const SOURCES = join(__dirname, '..', '..', '..', 'src');
const guide = new Guide('troubleshooting.md');

/** What stands for a value that is inserted. */
const INSERTED = '…';

type Texts = ReadonlyMap<string, string>;

/** The text of an expression, as far as the source has it; undefined where this is none. */
function textOf(node: ts.Node, constants: Texts): string | undefined {
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  if (ts.isIdentifier(node)) {
    return constants.get(node.text);
  }
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ expression, literal }) => (textOf(expression, constants) ?? INSERTED) + literal.text).join('');
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const parts = [node.left, node.right].map((part) => textOf(part, constants));
    return parts.every((part) => part === undefined) ? undefined : parts.map((part) => part ?? INSERTED).join('');
  }
  return undefined;
}

/** The constants of a source or a function that are text or a number, by name. */
function constantsIn(source: ts.Node, known: Texts = new Map()): Texts {
  const constants = new Map(known);
  visitAll(source, (node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
      const text = ts.isNumericLiteral(node.initializer) ? node.initializer.text : textOf(node.initializer, constants);
      if (text !== undefined) {
        constants.set(node.name.text, text);
      }
    }
    return true;
  });
  return constants;
}

/** @param visit tells whether to look inside as well */
function visitAll(node: ts.Node, visit: (node: ts.Node) => boolean): void {
  if (visit(node)) {
    ts.forEachChild(node, (child) => visitAll(child, visit));
  }
}

function isProse(text: string): boolean {
  return text.split(' ').filter((word) => /\w/.test(word)).length >= 3;
}

/** What is no message of its own: a text for AWS, a warning, which is known by its ID, a part of a message, or a constant, which counts where it is used. */
function isElse(node: ts.Node, constants: Texts): boolean {
  return ts.isPropertyAssignment(node) && ['description', 'name'].includes(node.name.getText())
    || ts.isCallExpression(node) && /^warn/.test(node.expression.getText())
    || ts.isFunctionDeclaration(node) && /^describe/.test(node.name!.text)
    || ts.isVariableDeclaration(node) && node.initializer !== undefined && textOf(node.initializer, constants) !== undefined
    || ts.isImportDeclaration(node);
}

/** Whether a constant is passed on as it is. */
function isUsed({ parent }: ts.Identifier): boolean {
  return ts.isCallExpression(parent) || ts.isNewExpression(parent) || ts.isReturnStatement(parent);
}

/** The messages in a source or a function, each as its text with what is inserted left open. */
function messagesIn(source: ts.Node, outer: Texts): string[] {
  const constants = constantsIn(source, outer);
  const messages: string[] = [];
  visitAll(source, (node) => {
    if (isElse(node, constants)) {
      return false;
    }
    if (node !== source && ts.isFunctionLike(node)) {
      messages.push(...messagesIn(node, constants));
      return false;
    }
    const text = ts.isIdentifier(node) && !isUsed(node) ? undefined : textOf(node, constants);
    if (text !== undefined && isProse(text)) {
      messages.push(text.trim());
    }
    return text === undefined;
  });
  return messages;
}

/** The IDs of the warnings that a source gives. */
function warningsIn(source: ts.SourceFile): string[] {
  const ids: string[] = [];
  visitAll(source, (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'warn') {
      ids.push((node.arguments[1] as ts.StringLiteral).text);
    }
    return true;
  });
  return ids;
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  .map((file) => parse(file, readFileSync(join(SOURCES, file), 'utf8')));
const exported: Texts = new Map(sources.flatMap((source) => [...constantsIn(source)].filter(([name]) => /^[A-Z_]+$/.test(name))));

/** What the rows below a heading quote, in their first cell. */
function quotationsUnder(heading: string): string[] {
  return guide.tableUnder(heading).flatMap(([message]) => [...message.matchAll(/`([^`]+)`/g)].map(([, quotation]) => quotation));
}

/** Whether this is quoted from a message. */
function isFrom(message: string, quotation: string): boolean {
  return new RegExp(quotation.split(INSERTED).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')).test(message);
}

describe('the document docs/troubleshooting.md', () => {
  const quotations = ['At synthesis', 'At deployment'].flatMap(quotationsUnder);
  const messages = sources.flatMap((source) => messagesIn(source, exported));

  it('has a row for each message', () => {
    expect(messages.filter((message) => !quotations.some((quotation) => isFrom(message, quotation)))).toEqual([]);
  });

  it('quotes no other message', () => {
    expect(quotations.filter((quotation) => !isProse(quotation) || !messages.some((message) => isFrom(message, quotation)))).toEqual([]);
  });

  it('has a row for each warning, and for no other', () => {
    expect(quotationsUnder('Warnings').sort()).toEqual([...new Set(sources.flatMap(warningsIn))].sort());
  });
});

test('messages are found wherever a source has them', () => {
  // GIVEN
  const source = parse('source.ts', `
    const LIMIT = 5;
    function first() { const what = 'the first name'; throw new Error(\`\${what} must be short\`); }
    function second() { const what = 'the second name'; }
    const FORM = 'upper-case letters only';
    throw errorAt(scope, \`name must be \${FORM}, got '\${name}' \` + 'at last');
    return [\`there can be \${LIMIT} of \${kind()}\`];
    report(isBad ? 'the name is bad' : undefined);
    warn(scope, 'name', 'the name is dubious');
    throw new Error(LONG_GONE);
    new Role(scope, 'Role', { description: 'a role for somebody' });
  `);

  // WHEN
  const messages = messagesIn(source, new Map([['LONG_GONE', 'it is long gone']]));

  // THEN
  expect(messages).toEqual(['the first name must be short', "name must be upper-case letters only, got '…' at last", 'there can be 5 of …', 'the name is bad', 'it is long gone']);
});
