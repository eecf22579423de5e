import { type Document, isAlias, isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { Failure } from '../failure.ts';

type Path = readonly string[];

export interface Visitor {
  value: (node: Scalar, path: Path) => void;
  /** A line of a comment without its `#`, and the path of what it stands in; answers what it becomes. */
  comment: (line: string, path: Path) => string;
}

interface Commented {
  commentBefore?: string | null | undefined;
  comment?: string | null | undefined;
}

/**
 * Visits values in their order and comments beside them. As in SOPS, the path of an item of a list is that of the list.
 * Throws a Failure for what SOPS has no path for: aliases, and keys that are no text.
 */
export function visitTree(document: Document, visitor: Visitor): void {
  visitComments(document, [], visitor);
  visitNode(document.contents, [], visitor);
}

function visitNode(node: unknown, path: Path, visitor: Visitor): void {
  if (isAlias(node)) throw new Failure(`${path.join('.')} is an alias; write the value itself`);
  if (isMap(node)) {
    visitComments(node, path, visitor);
    for (const { key, value } of node.items) visitPair(key, value, path, visitor);
  } else if (isSeq(node)) {
    visitComments(node, path, visitor);
    for (const item of node.items) visitInside(item, path, path, visitor);
  } else if (isScalar(node) && node.value !== null) visitor.value(node, path);
}

function visitPair(key: unknown, value: unknown, path: Path, visitor: Visitor): void {
  if (!isScalar(key) || typeof key.value !== 'string') {
    throw new Failure(`a key in ${path.join('.') || 'the file'} is no text`);
  }
  visitComments(key, path, visitor);
  visitInside(value, path, [...path, key.value], visitor);
}

/** A comment beside a value belongs to what the value stands in. */
function visitInside(value: unknown, around: Path, path: Path, visitor: Visitor): void {
  if (isScalar(value)) visitComments(value, around, visitor);
  visitNode(value, path, visitor);
}

function visitComments(node: Commented, path: Path, { comment }: Visitor): void {
  const changed = (text: string) =>
    text
      .split('\n')
      .map((line) => (line.trim() === '' ? line : comment(line, path)))
      .join('\n');
  if (node.commentBefore) node.commentBefore = changed(node.commentBefore);
  if (node.comment) node.comment = changed(node.comment);
}
