/** A lesson with each kind of thing to do, as a person writes it. */
export const LESSON = `---
title: Positive and negative
minutes: 15
level: first            # first | further | research
needs: avatars
section: 1
---
## The negative is a picture, too
~~~step
preset: "v=3&model=avatars&method=pag&scale=0.5&class=3&seed=26"
show: [pictures, sentence, scale]
lock: [seed, class]
ranges: { scale: [0, 2] }
~~~
Text with $D^+ + s\\,(D^+ - D^-)$, a list and *emphasis*:

- one
- two

~~~predict
question: Which picture will have more contrast?
choices: [guided, positive, both the same]
answer: 1            # counted from 1
because: Guidance adds the difference.
~~~

And a word after it.

## A number
~~~predict
question: At which scale?
number: { min: 0, max: 4, unit: s }
answer: 0.5
tolerance: 0.25
~~~

## A curve
~~~predict
question: Draw how the distance goes with the scale
curve: { along: scale, from: 0, to: 3, of: distance }
measured: autoguidance
~~~

## Find it
\`\`\`find
task: Find a scale.
goals:
  - say: nearer than the unguided
    when: "distance.guided < distance.positive and scale > 0"
  - say: farther than the unguided
    when: "distance.guided > distance.positive"
hint: Above 2 it overshoots.
solution: [scale=0.5, scale=3]
\`\`\`

## Why?
~~~explain
question: In your own words, why does it have to be a *similar* network?
points: [same mistakes, stronger]
~~~

# For the teacher

Aim: see it.

### What goes wrong

Nothing.
`
