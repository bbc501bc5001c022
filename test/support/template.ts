import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { assemblyOf, type SettingChanges } from './assembly.ts';

/** A resource of a template. */
export type Resource = { readonly Properties: Readonly<Record<string, unknown>>; readonly [member: string]: unknown };

/** The template that an operator with these settings deploys: with the true hashes of all code, if it is bundled. */
export async function templateOf(changes: SettingChanges = {}, { isBundled = false } = {}): Promise<Template> {
  const synthesis = { changes: { sender: 'sign-in@example.com', ...changes }, isForTemplate: !isBundled };
  const folder = await assemblyOf(synthesis);
  return Template.fromJSON(JSON.parse(readFileSync(join(folder, 'Vestibule.template.json'), 'utf8')));
}

/** The resources of a type, with their logical ids. */
export function resources(template: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(template.findResources(type) as Record<string, Resource>);
}
