import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { defineSettings } from '../../lib/settings.ts';
import { VestibuleStack } from '../../lib/stack.ts';
import type { SettingChanges } from './assembly.ts';

/** A resource of a template. */
export type Resource = { readonly Properties: Readonly<Record<string, unknown>>; readonly [member: string]: unknown };

/** The template that an operator with these settings deploys. */
export function templateOf(changes: SettingChanges = {}): Template {
  const settings = defineSettings({ sender: 'sign-in@example.com', ...changes });
  return Template.fromStack(new VestibuleStack(new App(), 'Vestibule', settings));
}

/** The resources of a type, with their logical ids. */
export function resources(template: Template, type: string): [id: string, resource: Resource][] {
  return Object.entries(template.findResources(type) as Record<string, Resource>);
}
