#!/bin/bash
# Checks the three models: the correct ones must be clean, every mutant must be found.
#   protocol/check.sh        quick: 12 clean configurations, all mutants; about a minute on two cores
#   protocol/check.sh full   also 17 large configurations; about fifteen minutes, 6 GB of memory
# Prints one line per run as it ends: name, verdict, states stored, seconds. Exit 1 if any verdict is not the expected
# one. SLUICE_JOBS runs at a time: two, one if full. Needs spin (6.5), gcc.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
full=${1:-}
if [ "$full" = full ]; then jobs_at_once=${SLUICE_JOBS:-1}; else jobs_at_once=${SLUICE_JOBS:-2}; fi
running=0

# one NAME MODEL clean|found|endless [-D...]: checks one configuration; endless = also no infinite execution
one() {
  local name=$1 model=$2 want=$3; shift 3
  local dir="$work/$name" cc=(-O2 -DSAFETY) pan=(-m100000) got states secs start
  [ "$want" = endless ] && cc=(-O2 -DNP) && pan+=(-l)
  [ "$want" = found ] && cc=(-O0 -DSAFETY)
  if ! mkdir -p "$dir" || ! cd "$dir" || ! cp "$here/$model" .; then echo "$name: no room to work"; return 1; fi
  if ! spin -a "$@" "$model" >spin.log 2>&1 || grep -q Error spin.log; then
    echo "$name: spin failed"; head -3 spin.log; return 1; fi
  if ! gcc -w "${cc[@]}" -DCOLLAPSE -DVECTORSZ=2048 -o pan pan.c 2>gcc.log; then
    echo "$name: gcc failed"; head -3 gcc.log; return 1; fi
  start=$(date +%s%N)
  ./pan "${pan[@]}" >pan.log 2>&1
  secs=$(( ($(date +%s%N) - start) / 10000000 ))
  states=$(awk '/states, stored/{print $1; exit}' pan.log)
  if grep -qE 'errors: 0' pan.log && ! grep -qE 'search depth too small|out of memory' pan.log; then got=clean
  elif grep -qE 'errors: [1-9]' pan.log; then got=found
  else got=incomplete; fi
  local expected=$want; [ "$want" = endless ] && expected=clean
  local mark=ok; [ "$got" = "$expected" ] || mark=WRONG
  local why=""; [ "$got" = found ] && why=$(grep -m1 '^pan:1:' pan.log | sed 's/^pan:1: //; s/ (at depth.*//' | cut -c1-60)
  printf '%-34s %-6s %-10s %10s %6d.%02d s  %s\n' "$name" "$mark" "$got" "$states" $((secs/100)) $((secs%100)) "$why"
  [ "$mark" = ok ]
}

# run …: the same beside others; what was not as expected leaves a file behind.
run() {
  if [ "$running" -ge "$jobs_at_once" ]; then wait -n; running=$((running - 1)); fi
  { one "$@" || touch "$work/bad"; rm -rf "${work:?}/$1"; } &
  running=$((running + 1))
}

echo "== clean"
run epoch                epoch.pml       clean
run epoch-one-at-a-time  epoch.pml       clean   -DINFLIGHT=1
run epoch-keep-dead      epoch.pml       clean   -DINFLIGHT=1 -DKEEP_DEAD
run epoch-two-crashes    epoch.pml       clean   -DFAULTS=2
run epoch-crash-and-loss epoch.pml       clean   -DFAULTS=1 -DLOSSES=1
run epoch-ends           epoch.pml       endless
run link                 link.pml        clean
run link-rollback        link.pml        clean   -DROLLS=1 -DRESETS=1
run link-tight-window    link.pml        clean   -DW=2
run link-ends            link.pml        endless -DRESETS=1
run coordinator          coordinator.pml clean
run coordinator-ends     coordinator.pml endless
if [ "$full" = full ]; then
  run epoch-2-records           epoch.pml clean -DNREC=2
  run epoch-3-epochs            epoch.pml clean -DMAXE=3
  run epoch-2-crashes-2-records epoch.pml clean -DFAULTS=2 -DNREC=2
  run epoch-2-crashes-1-loss    epoch.pml clean -DFAULTS=2 -DLOSSES=1
  run epoch-2-crashes-3-epochs  epoch.pml clean -DFAULTS=2 -DMAXE=3
  run epoch-crash-loss-2-records epoch.pml clean -DLOSSES=1 -DNREC=2
  run epoch-3-crashes           epoch.pml clean -DFAULTS=3
  run epoch-crash-loss-ends     epoch.pml endless -DLOSSES=1
  run link-3-resets             link.pml  clean -DRESETS=3
  run link-resets-and-rollback  link.pml  clean -DRESETS=2 -DROLLS=1
  run link-2-rollbacks          link.pml  clean -DRESETS=1 -DROLLS=2
  run link-2-dups-2-early       link.pml  clean -DRESETS=1 -DDUPS=2 -DEARLY=2
  run link-longer-pipes         link.pml  clean -DCAP=3
  run link-5-frames-window-4    link.pml  clean -DN=5 -DW=4
  run link-6-frames             link.pml  clean -DN=6
  run link-2-resets-ends        link.pml  endless
  run coordinator-4-starts      coordinator.pml clean -DSTARTS=4
fi

wait; running=0
echo "== mutants"
run epoch-NOFENCE_ACK    epoch.pml found -DBUG_NOFENCE_ACK
run epoch-NOGEN_FRAME    epoch.pml found -DBUG_NOGEN_FRAME -DINFLIGHT=1
run epoch-NOALIGN        epoch.pml found -DBUG_NOALIGN -DINFLIGHT=1 -DFAULTS=0
run epoch-NOSEQ          epoch.pml found -DBUG_NOSEQ -DFAULTS=0 -DLOSSES=1 -DNREC=2
run epoch-SNAPKEY        epoch.pml found -DBUG_SNAPKEY -DINFLIGHT=1 -DFAULTS=2
for b in STAGEKEY ACK_BEFORE_SNAP COMMIT_BEFORE_DURABLE COMMIT_NOGEN NONIDEMPOTENT ZOMBIE_COMMIT \
         ABORT_STAGED ONLY_NEWEST RECOMMIT GC_EARLY; do run "epoch-$b" epoch.pml found "-DBUG_$b"; done
for b in INCREMENTAL NOSEQ NOGAP RESUME_PLUS1 RESUME_CONSUMED TRIM_SENT NOCLAMP STALE_BREAKS LIMIT_LAST EARLY_GRANT \
         RESEND_CHARGES NO_TIMER; do run "link-$b" link.pml found "-DBUG_$b"; done
run link-INCREMENTAL-lost link.pml found -DBUG_INCREMENTAL -DRESETS=1 -DDUPS=0 -DEARLY=0
run link-INCREMENTAL-dup  link.pml found -DBUG_INCREMENTAL -DRESETS=1 -DDUPS=1 -DEARLY=0
run link-NOGEN_FRAME     link.pml found -DBUG_NOGEN_FRAME -DROLLS=1 -DRESETS=1
run link-NOGEN_GRANT     link.pml found -DBUG_NOGEN_GRANT -DROLLS=1 -DRESETS=1
run link-window-too-small link.pml found -DW=1
for b in PUT_UNCONDITIONAL BUMP_BLIND STALE_C ABORT_UNKNOWN ASSUME_DONE NO_FENCE; do
  run "coordinator-$b" coordinator.pml found "-DBUG_$b"; done
wait
[ ! -e "$work/bad" ]
