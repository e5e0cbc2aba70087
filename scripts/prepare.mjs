// Builds after an install or before a pack. Not for `npx mlp` in a clone, where npm runs this too, on a built tree.
import { execSync } from 'node:child_process';

if (process.env.npm_command !== 'exec') execSync('npm run build', { stdio: 'inherit' });
