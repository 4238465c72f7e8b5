// Package falconsim is a local Falcon: a stateful imitation of the part of the
// CrowdStrike Falcon API that this provider uses, served over HTTP.
//
// It is written from the facts in internal/falcon/wire alone and shares no code with the provider's own client, so that a
// misreading is not made twice. What those pages label live, recorded or specified, the simulator does, refusals
// included. What they leave open is a [Question]: the place where the simulator decides has a comment "GUESS Qnn", and
// [Options.Readings] chooses another response.
package falconsim
