/** Where to go after signing in: a path of this site only, never another site. */
export function returnAddress(search: string): string {
  const wanted = new URLSearchParams(search).get('to') ?? '/';
  return /^\/(?![/\\])/.test(wanted) ? wanted : '/';
}
