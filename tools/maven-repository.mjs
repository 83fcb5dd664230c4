#!/usr/bin/env node
/**
 * Usage: maven-repository.mjs REPOSITORY
 *
 * Puts the aws-cdk-lib of the Java example into a local repository of Maven, and into its list of versions. The
 * package asks for a range, which Maven looks up in such lists alone; that of Maven Central can lack versions whose
 * files are there.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [GROUP, ARTIFACT] = ['software.amazon.awscdk', 'aws-cdk-lib'];
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const repository = resolve(process.argv[2]);
const pom = readFileSync(join(ROOT, 'examples', 'java', 'pom.xml'), 'utf8');
const [, version] = new RegExp(`<artifactId>${ARTIFACT}</artifactId>\\s*<version>([^<]+)</version>`).exec(pom);

execFileSync('mvn', [
  '--quiet', '--batch-mode', `-Dmaven.repo.local=${repository}`, 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get',
  `-Dartifact=${GROUP}:${ARTIFACT}:${version}`, '-Dtransitive=false',
], { stdio: 'inherit' });
writeFileSync(join(repository, ...GROUP.split('.'), ARTIFACT, 'maven-metadata-local.xml'), `<metadata>
  <groupId>${GROUP}</groupId>
  <artifactId>${ARTIFACT}</artifactId>
  <versioning><versions><version>${version}</version></versions></versioning>
</metadata>
`);
