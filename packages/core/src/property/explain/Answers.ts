/**
 * What a formula's atoms say of one moment, written down while it is there: what they look at beside the slice is another a
 * moment later.
 */
import type { Atom, Bind, Formula } from "../language/Formula.ts"
import { withLeaves } from "../language/withLeaves.ts"
import type { Moment } from "../monitor/Moment.ts"

export interface Answer {
  readonly holds: boolean
  /** In words, what was found. */
  readonly found: string | undefined
}

/** One moment, as far as a formula asks: by its atoms, and what follows from what its bindings found. */
export interface Answers {
  readonly answers: ReadonlyMap<Atom<Answers>, Answer>
  readonly bodies: ReadonlyMap<Bind<Answers>, Formula<Answers>>
}

interface Asked<V> {
  readonly of: (view: V) => Answer
  readonly atom: Atom<Answers>
}

const answerOf = <V>(atom: Atom<V>, view: V): Answer => {
  const said = atom.test(view)
  return typeof said === "boolean" ? { holds: said, found: undefined } : { holds: said.holds, found: said.because() }
}

/** Asks a formula's atoms, moment by moment; `formula` is the same over what was written down. */
export class Questions<V> {
  readonly formula: Formula<Answers>
  readonly #asked: Array<Asked<V>> = []
  readonly #binds: Array<{ readonly bind: Bind<V>; readonly written: Bind<Answers> }> = []
  /** Atoms and bindings are the same wherever they stand. */
  readonly #written = new Map<unknown, unknown>()
  readonly #bindsFrom: number

  /** What bindings find before `bindsFrom` is not followed: of it nothing is asked any more. */
  constructor(formula: Formula<V>, bindsFrom: number) {
    this.#bindsFrom = bindsFrom
    this.formula = this.#write(formula)
  }

  #write(formula: Formula<V>): Formula<Answers> {
    return withLeaves<V, Answers>(formula, { atom: (atom) => this.#atom(atom), bind: (bind) => this.#bind(bind) })
  }

  #atom(atom: Atom<V>): Atom<Answers> {
    const known = this.#written.get(atom) as Atom<Answers> | undefined
    if (known !== undefined) return known
    const written: Atom<Answers> = {
      _tag: "Atom",
      name: atom.name,
      isStep: atom.isStep,
      test: ({ answers }) => answers.get(written)?.holds === true
    }
    this.#written.set(atom, written)
    this.#asked.push({ atom: written, of: (view) => answerOf(atom, view) })
    return written
  }

  #bind(bind: Bind<V>): Bind<Answers> {
    const known = this.#written.get(bind) as Bind<Answers> | undefined
    if (known !== undefined) return known
    const written: Bind<Answers> = {
      _tag: "Bind",
      name: bind.name,
      match: ({ bodies }) => bodies.get(written),
      body: (found) => found as Formula<Answers>
    }
    this.#written.set(bind, written)
    this.#binds.push({ bind, written })
    return written
  }

  /** The moment's answers; a question about a step is asked where there is one. */
  ask({ at, joins, view }: Moment<V>): Answers {
    const bodies = new Map<Bind<Answers>, Formula<Answers>>()
    for (let i = 0; at >= this.#bindsFrom && i < this.#binds.length; i++) {
      const one = this.#binds[i]
      const found = one?.bind.match(view)
      // What it brings in is asked at this very moment, too.
      if (one !== undefined && found !== undefined) bodies.set(one.written, this.#write(one.bind.body(found as never)))
    }
    const answers = new Map<Atom<Answers>, Answer>()
    for (const { atom, of } of this.#asked) {
      if (!atom.isStep || joins === "continues") answers.set(atom, of(view))
    }
    return { answers, bodies }
  }
}
