import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  path: string;
  text: string;
}

export interface Breach {
  rule: string;
  path: string;
  line: number;
  says: string;
}

const NOT_OURS = new Set(['node_modules', 'dist', 'generated', 'coverage', 'data', '.git', '.build', '_']);
const READ =
  /\.([cm]?[jt]sx?|ya?ml|json|md|sh|sql|css|html|prisma|toml)$|^(Dockerfile|run|pre-commit|commit-msg)$/;

/** Every text of ours below a folder. */
export function readTree(root: string, folder = ''): SourceFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder + entry.name;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : readTree(root, `${path}/`);
    if (!READ.test(entry.name) || entry.name === 'package-lock.json') return [];
    return [{ path, text: readFileSync(join(root, path), 'utf8') }];
  });
}

export const isCode = (path: string) => /\.[cm]?[jt]sx?$/.test(path);

/** What is found in a file, looked for once: every rule asks for it again. */
function once<T>(find: (file: SourceFile) => T): (file: SourceFile) => T {
  const found = new WeakMap<SourceFile, { what: T }>();
  return (file) => {
    const known = found.get(file) ?? { what: find(file) };
    found.set(file, known);
    return known.what;
  };
}

/** The syntax tree of a file. */
export const syntaxOf = once((file) =>
  ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true),
);

/** All nodes of a file, tokens left out. */
export const nodesOf = once((file): readonly ts.Node[] => {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node) => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(syntaxOf(file));
  return nodes;
});

/** The line of a position, counted from 1. */
export function lineAt(file: SourceFile, position: number): number {
  return syntaxOf(file).getLineAndCharacterOfPosition(position).line + 1;
}

export const lineOf = (file: SourceFile, node: ts.Node) => lineAt(file, node.getStart());

export interface Comment {
  text: string;
  line: number;
  lastLine: number;
}

/** What may look like a comment and is none. */
const isWords = (node: ts.Node) =>
  ts.isStringLiteral(node) ||
  ts.isTemplateLiteralToken(node) ||
  ts.isRegularExpressionLiteral(node) ||
  ts.isJsxText(node);

/** The text of a file with blanks for the words in it: every place stays where it was. */
function withoutWords(file: SourceFile): string {
  const words = nodesOf(file)
    .filter(isWords)
    .map((node) => ({ start: node.getStart(), end: node.getEnd() }));
  const between = words.map(({ start, end }, index) => {
    const code = file.text.slice(words[index - 1]?.end ?? 0, start);
    return code + file.text.slice(start, end).replace(/./g, ' ');
  });
  return between.join('') + file.text.slice(words.at(-1)?.end ?? 0);
}

/** The comments of a file of code; text inside strings is none. */
export const commentsOf = once((file): readonly Comment[] =>
  [...withoutWords(file).matchAll(/\/\/.*|\/\*[^]*?\*\//g)].map(({ 0: text, index }) => ({
    text,
    line: lineAt(file, index),
    lastLine: lineAt(file, index + text.length),
  })),
);

/** True where a comment stands on a line or ends on the one above. */
export function isExplained(file: SourceFile, line: number): boolean {
  return commentsOf(file).some((comment) => comment.line <= line && comment.lastLine >= line - 1);
}

export interface Import {
  specifier: string;
  line: number;
}

/** What a file imports: statically, on demand, by re-export or for its types. */
export const importsOf = once((file): readonly Import[] =>
  nodesOf(file).flatMap((node) => {
    const target = importTarget(node);
    return target && ts.isStringLiteralLike(target)
      ? [{ specifier: target.text, line: lineOf(file, target) }]
      : [];
  }),
);

function importTarget(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal;
  if (!ts.isCallExpression(node)) return undefined;
  const called = node.expression;
  const imports =
    called.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(called) && called.text === 'require');
  return imports ? node.arguments[0] : undefined;
}
