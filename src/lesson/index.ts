/** Lessons: what the other folders use. */
export { parseLesson, LESSON_CHARACTERS, TEACHER } from './parse'
export { lessonText } from './write'
export { bodyOf } from './markdown'
export { factsOf, holds, parseCondition, type Condition, type Facts } from './condition'
export { conditionFault } from './blocks/find'
export { factNamed, facts, type FactInfo } from './facts'
export * from './types'
export { belongs, isRight, lessonId, noAnswers, type Answer, type Answers } from './answers'
