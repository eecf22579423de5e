import ts from 'typescript';
import { parse } from 'yaml';
import { isTest } from './rooms.ts';
import {
  type Breach,
  commentsOf,
  isCode,
  isExplained,
  lineAt,
  lineOf,
  nodesOf,
  type SourceFile,
} from './source.ts';

/** Something that is never done here, and how to find where it was. */
interface Never {
  rule: string;
  says: string;
  /** Files that the rule is about. */
  about: (path: string) => boolean;
  /** Lines where it is broken. */
  find: (file: SourceFile) => number[];
}

/** Reads of the environment outside `start`, each with its reason. */
const READS_ENVIRONMENT: Record<string, string> = {
  'packages/shared/src/service/config.ts': 'the one read of every program',
  'infrastructure/src/main.ts':
    'the one read of hubctl, which is no service: editor and folders of its operator',
};

const isOurs = (path: string) => isCode(path) && /^(packages|infrastructure)\//.test(path);
const isProduct = (path: string) => isOurs(path) && !isTest(path);
const isTestCode = (path: string) => isCode(path) && isTest(path);
/** Everything but the registry itself. */
const isVerb = (path: string) =>
  isProduct(path) &&
  /^packages\/(auth-service|core-service|mcp-server|shared\/src\/contracts)\//.test(path) &&
  !path.endsWith('contracts/problems.ts');

/** Where answers of other people's servers are read; their statuses are compared, never given. */
const asksVendors = (path: string) => path.startsWith('packages/mcp-server/');

/** Lines of the nodes that fit. */
const nodes = (fits: (node: ts.Node) => boolean) => (file: SourceFile) =>
  nodesOf(file)
    .filter(fits)
    .map((node) => lineOf(file, node));

/** The same, where no comment on the line or above it says why. */
const unexplained = (fits: (node: ts.Node) => boolean) => (file: SourceFile) =>
  nodesOf(file)
    .filter(fits)
    .map((node) => (ts.isAsExpression(node) ? lineAt(file, node.type.getStart()) : lineOf(file, node)))
    .filter((line) => !isExplained(file, line));

/** Lines of the text that match. */
const lines = (pattern: RegExp) => (file: SourceFile) =>
  file.text.split('\n').flatMap((line, index) => (pattern.test(line) ? [index + 1] : []));

/** Comments that match. */
const comments = (pattern: RegExp) => (file: SourceFile) =>
  commentsOf(file)
    .filter(({ text }) => pattern.test(text))
    .map(({ line }) => line);

const firstLine = () => [1];

/** Put together, so that this file does not hold the words themselves. */
const UNFINISHED = new RegExp(
  String.raw`\b(${[
    ['TO', 'DO'],
    ['FIX', 'ME'],
    ['XX', 'X'],
  ]
    .map((halves) => halves.join(''))
    .join('|')})\b`,
);

export const NEVER: readonly Never[] = [
  {
    rule: 'environment',
    says: 'process.env is read by start alone; declare a setting in config.ts',
    about: (path) => /\.[cm]?tsx?$/.test(path) && !Object.hasOwn(READS_ENVIRONMENT, path),
    find: nodes(readsEnvironment),
  },
  {
    rule: 'nameless-file',
    says: 'a file or folder is named after what it does; utils, helpers, common and types say nothing',
    about: (path) => /(^|\/)(utils?|helpers?|common|types|misc)(\.[a-z.]+$|\/)/.test(path),
    find: firstLine,
  },
  {
    rule: 'any',
    says: 'any turns the compiler off',
    about: isCode,
    find: nodes((node) => node.kind === ts.SyntaxKind.AnyKeyword),
  },
  {
    rule: 'non-null',
    says: '! claims what nobody checked',
    about: isCode,
    find: nodes(ts.isNonNullExpression),
  },
  {
    rule: 'bare-as',
    says: '`as` stands in a named helper, with a comment that says why it is true',
    about: isProduct,
    find: unexplained((node) => ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)),
  },
  {
    rule: 'status-in-verb',
    says: 'an HTTP status stands in contracts/problems.ts; throw a DomainError with its code',
    about: isVerb,
    find: (file) => nodes(asksVendors(file.path) ? givesStatus : knowsStatus)(file),
  },
  {
    rule: 'sleep-in-test',
    says: 'a test waits for what it expects (vi.waitFor, an event), not for time to pass',
    about: isTestCode,
    find: nodes(sleeps),
  },
  {
    rule: 'glance-at-page',
    says: 'a page is waited for, not glanced at; a poll of it says how long (vitest gives up after a second)',
    about: (path) => path.startsWith('test/browser/'),
    find: nodes(glances),
  },
  {
    rule: 'mocked-own-code',
    says: 'our own code is never mocked; give it a real port or a fake of somebody else’s server',
    about: isTestCode,
    find: nodes(mocksOurs),
  },
  {
    rule: 'unfinished',
    says: 'unfinished work is an issue, not a comment',
    about: (path) => !path.endsWith('.md'),
    find: (file) => (isCode(file.path) ? comments(UNFINISHED)(file) : lines(UNFINISHED)(file)),
  },
  {
    rule: 'silent-suppression',
    says: 'a suppression says why (`-- reason`); @ts-ignore and @ts-nocheck never',
    about: isCode,
    find: comments(/(es|ox)lint-disable(?!.*? -- \S)|@ts-(ignore|nocheck)|@ts-expect-error\s*(\*\/)?$/),
  },
  {
    rule: 'swallowed',
    says: 'an error is handled, passed on, or left with a comment that says why nothing is lost',
    about: isCode,
    find: unexplained(swallows),
  },
  {
    rule: 'shell-string',
    says: 'programs are called with argv arrays (execFile, spawn), never through a shell',
    about: isCode,
    find: nodes(callsShell),
  },
  {
    rule: 'evaluated-text',
    says: 'lesson 13: no text is run as code: no eval, no new Function, no vm',
    about: isCode,
    find: nodes(runsText),
  },
  {
    rule: 'secret-default',
    says: 'a secret has no default',
    about: isProduct,
    find: nodes(
      (node) =>
        ts.isCallExpression(node) &&
        /^fields\s*\.secret(Url)?\b[\s\S]*\.(default|prefault|catch)$/.test(node.expression.getText()),
    ),
  },
  {
    rule: 'floating-credits',
    says: 'credits are integers in micro-credits',
    about: (path) => isProduct(path) || /\.(sql|prisma)$/.test(path),
    find: (file) =>
      isCode(file.path)
        ? lines(/\w+Micro\??\s*:\s*z\.number\(|parseFloat\(/)(file)
        : lines(/^(?!\s*(--|\/\/)).*\b(double precision|real|money|float\d?)\b/i)(file),
  },
  {
    rule: 'logic-in-yaml',
    says: 'a step of a workflow is one call of a script that also runs here',
    about: (path) => /^\.github\/workflows\/.+\.ya?ml$/.test(path),
    find: (file) =>
      steps(file.text)
        .filter(
          (command) =>
            !/^(npm (ci|test|run [\w:-]+)( [\w:./=-]+)*|node bin\/[\w-]+\.mjs( [\w:./=-]+)*)$/.test(command),
        )
        .map((command) => file.text.slice(0, file.text.indexOf(command)).split('\n').length),
  },
  {
    rule: 'logic-in-shell',
    says: 'shell longer than five lines is TypeScript',
    about: (path) => /^(scripts\/.+\.sh|\.husky\/[\w-]+|\.ci\/run)$/.test(path),
    find: (file) => (file.text.split('\n').filter((line) => /^\s*[^#\s]/.test(line)).length > 5 ? [1] : []),
  },
];

/** Everything in the files that is never done. */
export function findNever(files: readonly SourceFile[]): Breach[] {
  return NEVER.flatMap(({ rule, says, about, find }) =>
    files
      .filter(({ path }) => about(path))
      .flatMap((file) => find(file).map((line) => ({ rule, path: file.path, line, says }))),
  );
}

/** Text that becomes a program, by whatever name. */
function runsText(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return /^['"](node:)?vm['"]$/.test(node.moduleSpecifier.getText());
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  return /^(globalThis\.|window\.)?(eval|Function)$/.test(node.expression.getText());
}

function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return /^process\??\.env$/.test(node.getText());
  if (ts.isElementAccessExpression(node)) return /^process\[.env.\]$/.test(node.getText());
  const fromProcess = ts.isImportDeclaration(node) && /^(node:)?process$/.test(textOf(node.moduleSpecifier));
  if (fromProcess) return /\benv\b/.test(node.getText());
  return ts.isVariableDeclaration(node) && /^\{[^}]*\benv\b[\s\S]*=\s*process$/.test(node.getText());
}

const isErrorStatus = (node: ts.Node) => ts.isNumericLiteral(node) && /^[45]\d\d$/.test(node.text);

function givesStatus(node: ts.Node): boolean {
  const { parent } = node;
  if (!isErrorStatus(node)) return false;
  if (ts.isPropertyAssignment(parent)) return /^(status|statusCode|code)$/.test(parent.name.getText());
  return ts.isCallExpression(parent) && /\.(code|status|sendStatus)$/.test(parent.expression.getText());
}

function knowsStatus(node: ts.Node): boolean {
  if (givesStatus(node)) return true;
  return (
    isErrorStatus(node) &&
    ts.isBinaryExpression(node.parent) &&
    /\bstatus(Code)?\b/.test(node.parent.getText())
  );
}

function sleeps(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return textOf(node.moduleSpecifier) === 'node:timers/promises';
  const called = ts.isCallExpression(node) ? node.expression.getText() : '';
  return /(^|\.)(setTimeout|sleep|delay|waitForTimeout)$/.test(called);
}

/** Asks how a page is at this moment, where the test means what it will be. */
function glances(node: ts.Node): boolean {
  if (!ts.isCallExpression(node)) return false;
  const called = node.expression.getText();
  if (/^expect\s*\.poll$/.test(called)) return node.arguments.length < 2;
  return /\.(isVisible|isHidden|isEnabled|isDisabled|waitForLoadState)$/.test(called);
}

function mocksOurs(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !/^vi\.(mock|doMock)$/.test(node.expression.getText())) return false;
  return /^(\.|@smart-ai-hub\/)/.test(textOf(node.arguments[0]));
}

function swallows(node: ts.Node): boolean {
  if (ts.isCatchClause(node))
    return node.block.statements.length === 0 && !/\/[/*]/.test(node.block.getText());
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const [handler] = node.arguments;
  return (
    node.expression.name.text === 'catch' &&
    /^(async )?\(?\w*\)? => (\{\s*\}|undefined|null|void 0)$/.test(handler?.getText() ?? '')
  );
}

function callsShell(node: ts.Node): boolean {
  if (ts.isPropertyAssignment(node)) return /^shell: (?!false)/.test(node.getText());
  if (!ts.isImportDeclaration(node) || !/^(node:)?child_process$/.test(textOf(node.moduleSpecifier)))
    return false;
  return /\b(exec|execSync)\b/.test(node.importClause?.getText() ?? '');
}

function textOf(node: ts.Node | undefined): string {
  return node && ts.isStringLiteralLike(node) ? node.text : '';
}

/** The commands of a workflow's steps. */
function steps(text: string): string[] {
  const workflow: unknown = parse(text);
  const commands: string[] = [];
  const visit = (value: unknown, key?: string) => {
    if (key === 'run' && typeof value === 'string') commands.push(value.trim());
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) visit(inner, name);
    }
  };
  visit(workflow);
  return commands;
}
