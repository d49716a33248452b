/**
 * An environment without what the npm above this process says of its own project and run, which an npm or npx below it would
 * take for its own. Settings that a person made, such as a registry, stay.
 */
export function withoutNpmRun(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const result = { ...env };
  for (const name of Object.keys(env))
    if (/^(npm_(package|lifecycle|config_(local_)?prefix)|INIT_CWD)/.test(name)) result[name] = undefined;
  return result;
}
