// The shape of TypeScript and JavaScript files without names, texts and comments; arguments: the typescript module, and a folder.
// One JSON line a file: its path, and the shape of each statement.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { default: ts } = await import(pathToFileURL(process.argv[2]).href);
const folder = process.argv[3];

function shape(node) {
  switch (node.kind) {
    case ts.SyntaxKind.Identifier:
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
      // A property's name is an identifier where it can be one, and a string elsewhere.
      return "_";
    case ts.SyntaxKind.PropertyAccessExpression:
    case ts.SyntaxKind.ElementAccessExpression:
      return `member(${shape(node.expression)})`;
  }
  const parts = [];
  ts.forEachChild(node, (child) => void parts.push(shape(child)));
  return `${ts.SyntaxKind[node.kind]}(${parts.join(",")})`;
}

for (const name of readdirSync(folder, { recursive: true }).sort()) {
  if (!/\.[jt]s$/.test(name)) continue;
  const file = ts.createSourceFile(name, readFileSync(join(folder, name), "utf8"), ts.ScriptTarget.Latest, true);
  if (file.parseDiagnostics.length > 0) throw new Error(`${name}: ${JSON.stringify(file.parseDiagnostics[0].messageText)}`);
  process.stdout.write(`${JSON.stringify([name, file.statements.map(shape)])}\n`);
}
