/** The style of wide pages, which have lists, tables and lines to copy: a sign-in has none, and does not carry it. */
export const wideStyle = `main.wide { inline-size: min(46rem, 100%) }
pre { margin: .5rem 0; padding: .8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: 10px; background: var(--ground); font: .9rem/1.5 ui-monospace, monospace }
h3 { margin: 0; font-size: 1rem }
table { inline-size: 100%; border-collapse: collapse; font-size: .925rem }
th, td { padding: .5rem .75rem .5rem 0; border-block-end: 1px solid var(--line); text-align: start; vertical-align: top }
@media (max-width: 30rem) { thead { display: none } tr { display: block; padding-block: .5rem; border-block-end: 1px solid var(--line) } td { display: block; padding: 0; border: 0 } }
dd ul { margin: 0; padding-inline-start: 1.1rem; list-style: disc }
.cards { margin: 1rem 0; padding: 0; list-style: none }
.cards > li { margin-block-end: .75rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: 10px }
.copy { display: flex; gap: .5rem; align-items: center } .copy pre { flex: 1 }
@media (max-width: 30rem) { .copy { flex-wrap: wrap } .copy pre { flex-basis: 100% } }
`;
