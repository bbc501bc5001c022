/** A person without a tenant is a tenant of their own. */
export function personalTenant(subject: string): string {
  return `personal-${subject}`;
}

/** True if a tenant is one person's own. */
export function isPersonal(tenant: string): boolean {
  return tenant.startsWith('personal-');
}
