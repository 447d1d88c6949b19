// What Backstage's own rules say of a catalog-info.yaml.
//
// usage: node backstage.mjs NODE_MODULES FILE > {"entities": [{"kind", "name", "spec"}], "problems": [message]}
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(`${process.argv[2]}/`);
const model = require('@backstage/catalog-model');
const { parseAllDocuments } = require('yaml');

const policies = model.EntityPolicies.allOf([
  new model.SchemaValidEntityPolicy(),
  new model.FieldFormatEntityPolicy(),
  new model.NoForeignRootFieldsEntityPolicy(),
]);
const kinds = { API: model.apiEntityV1alpha1Validator, Component: model.componentEntityV1alpha1Validator };
const report = { entities: [], problems: [] };
for (const document of parseAllDocuments(readFileSync(process.argv[3], 'utf8'))) {
  for (const problem of [...document.errors, ...document.warnings]) report.problems.push(problem.message);
  const entity = document.toJS();
  // Backstage replaces the placeholder by the text of the file before it looks at the entity.
  const whole = structuredClone(entity);
  if (whole.spec.definition) whole.spec.definition = 'text';
  try {
    await policies.enforce(whole);
    if (!(await kinds[whole.kind].check(whole))) report.problems.push(`${whole.kind} is of another version`);
  } catch (error) {
    report.problems.push(`${whole.kind} ${whole.metadata?.name}: ${error.message}`);
  }
  report.entities.push({ kind: entity.kind, name: entity.metadata.name, title: entity.metadata.title, spec: entity.spec });
}
process.stdout.write(JSON.stringify(report));
