/* epoch.pml - epochs, markers, snapshots and the commit point (docs/protocol.md, sections 6, 7 and 9).

     source 0 --L0--\
                     aggregator --LK--> sink --> external system        coordinator
     source 1 --L1--/

   Two replayable sources, one aligned aggregator, one transactional sink. Every action is one atomic step; the
   loss of any node is a global rollback under the next generation. Acks, one snapshot write, one COMMIT and the
   frames of dead generations may arrive arbitrarily late. Only COMMIT markers are modelled: a FLUSH-only marker
   changes no durable state. Epoch numbers ARE reused here after a rollback (the protocol never does), so the model
   shows that keying everything by (generation, epoch) is enough on its own.

   Runs and mutants: README.md. Never receive into `hidden` variables: Spin then skips the store. An inline's arguments
   are text: do not assign to what an argument mentions before its last use. */
#ifndef NREC
#define NREC 1      /* records per source, at most 3; those of source 0 count 1, those of source 1 count 16 */
#endif
#ifndef MAXE
#define MAXE 2      /* last epoch = end of input */
#endif
#ifndef INFLIGHT
#define INFLIGHT 2  /* epochs open at once (opened, not yet committed by the sink) */
#endif
#ifndef FAULTS
#define FAULTS 1    /* crashes, each a rollback */
#endif
#ifndef LOSSES
#define LOSSES 0    /* frames lost without a trace */
#endif
#if defined(BUG_NOFENCE_ACK) || defined(BUG_NOGEN_FRAME) || defined(BUG_SNAPKEY) || defined(BUG_STAGEKEY) || defined(BUG_COMMIT_NOGEN)
#define KEEP_DEAD   /* see forget() */
#endif
#define NG (FAULTS+LOSSES+1)
#define NE (MAXE+1)
#define QL 5
#define GE(g,e) ((g)*NE+(e))
#define AX(g,e,w) (((g)*NE+(e))*4+(w))

/* durable: the coordinator's log. C = last decided epoch, dG[e] = generation that decided e, G = generation */
byte C=0, G=0; byte dG[NE];
/* durable: snapshots, keyed (generation, epoch) */
byte sOff0[NG*NE], sOff1[NG*NE], sAgg[NG*NE]; bool sAggOk[NG*NE];
/* durable: the external system: visible sum, epoch row; and the sink's staged output */
byte ext=0, row=0; byte stg[NG*NE]; bool stgOk[NG*NE];
/* volatile: sources, aggregator, sink */
byte off0,off1,ep0,ep1; byte aggCum,aggCur,aggEp; bool blk0,blk1; byte kCur; byte exp0,exp1,expK,seq0,seq1,seqA;
bool resolving=false;                       /* the restarted sink still works through what is decided */
/* volatile: coordinator. opened = highest epoch opened */
byte opened=0; bool acked[NE*4];
/* network: acks (generation, epoch, who) outlive a rollback */
bool ack[NG*NE*4];
/* a snapshot write under way, and one of a dead process that may still land; a COMMIT under way to a dead sink */
bool pw=false; byte pwe,pwv; bool zw=false; byte zwg,zwe,zwv; byte zc=0;
byte faults=FAULTS, losses=LOSSES; bool broken=false, lossOpen=false;
chan L0=[QL] of {byte,byte,byte,byte};      /* generation, seq, 0 rows | 1 marker, value */
chan L1=[QL] of {byte,byte,byte,byte};
chan LK=[QL] of {byte,byte,byte,byte};
byte g,s,t,v,i;

#ifdef BUG_SNAPKEY
#define KS(gg,ee) GE(0,ee)
#else
#define KS(gg,ee) GE(gg,ee)
#endif
#ifdef BUG_STAGEKEY
#define KT(gg,ee) GE(0,ee)
#else
#define KT(gg,ee) GE(gg,ee)
#endif
#ifdef BUG_NOGEN_FRAME
#define FRESH(x) true
#else
#define FRESH(x) ((x)==G)
#endif
#ifdef BUG_NOSEQ
#define INSEQ(a,b) true
#else
#define INSEQ(a,b) ((a)==(b))
#endif
#ifdef BUG_NOALIGN
#define OPEN(b) true
#else
#define OPEN(b) (!(b))
#endif
#ifdef BUG_NOFENCE_ACK
#define ACKOK(x) true
#else
#define ACKOK(x) ((x)==G)
#endif

/* I1, I2, I6: what is visible is decided, and equals the cut of the manifest of the newest visible epoch. */
#define AT(e) KS(dG[e],e)
inline visible_ok() {
  assert(row<=C);
  if :: row==0 -> assert(ext==0)
     :: else   -> assert(ext==sOff0[AT(row)]+16*sOff1[AT(row)] && sAgg[AT(row)]==ext) fi }

/* One transaction in the external system: output and epoch row together. */
inline apply(gg,ee) { assert(stgOk[KT(gg,ee)]); ext=ext+stg[KT(gg,ee)]; row=ee }

#ifdef KEEP_DEAD
#define forget() skip
#else
/* State of the dead generation that no one can read again, because every reader checks the generation. Dropping it
   keeps the model small; -DKEEP_DEAD keeps it, and mutants that could read it must be run that way. */
inline forget() {
  i=0; do :: i<NG*NE*4 -> ack[i]=false; i++ :: else -> break od;
  do :: nempty(L0) -> L0?_,_,_,_ :: empty(L0) -> break od; do :: nempty(L1) -> L1?_,_,_,_ :: empty(L1) -> break od;
  do :: nempty(LK) -> LK?_,_,_,_ :: empty(LK) -> break od;
  i=C+1; do :: i<NE -> sOff0[GE(G,i)]=0; sOff1[GE(G,i)]=0; sAgg[GE(G,i)]=0; sAggOk[GE(G,i)]=false;
                       stg[GE(G,i)]=0; stgOk[GE(G,i)]=false; i++ :: else -> break od; i=0 }
#endif

inline rollback() {                         /* everything volatile is gone; G was bumped first (D1) */
  assert(G+1<NG);                           /* I11: only a fault starts a recovery, nothing that arrives late does */
  if :: row<C && !resolving -> zc=row+1 :: else fi;                 /* the dead sink may still do this */
  if :: pw -> zw=true; zwg=G; zwe=pwe; zwv=pwv :: else fi; pw=false; pwe=0; pwv=0;
  if :: C==0 -> off0=0; off1=0; aggCum=0
     :: else -> off0=sOff0[AT(C)]; off1=sOff1[AT(C)]; assert(sAggOk[AT(C)]); aggCum=sAgg[AT(C)] fi;
  aggCur=0; kCur=0; ep0=C; ep1=C; aggEp=C; blk0=false; blk1=false;
  seq0=0; seq1=0; seqA=0; exp0=0; exp1=0; expK=0; opened=C; broken=false; lossOpen=false;
  i=0; do :: i<NE*4 -> acked[i]=false; i++ :: else -> break od; i=0;
  forget(); resolving=true; G=G+1 }

/* One ack arrives: of generation gg, for the d-th undecided epoch, from w (0,1 sources, 2 aggregator, 3 sink). */
#define ACK(gg,d,w) \
  :: atomic{ !broken && gg<=G && C+d<=opened && ack[AX(gg,C+d,w)] && ACKOK(gg) -> \
             acked[(C+d)*4+w]=true; ack[AX(gg,C+d,w)]=false }
#define ACKS(gg) ACK(gg,1,0) ACK(gg,1,1) ACK(gg,1,2) ACK(gg,1,3) ACK(gg,2,0) ACK(gg,2,1) ACK(gg,2,2) ACK(gg,2,3)
#define ALL(e) (acked[(e)*4]&&acked[(e)*4+1]&&acked[(e)*4+2]&&acked[(e)*4+3])

#define RUN (!broken && !resolving)

active proctype sys() {
  do
  /* sources: emit; cut at a marker */
  :: atomic{ RUN && off0<NREC && ep0<MAXE && nfull(L0) -> L0!G,seq0,0,1; seq0++; off0++ }
  :: atomic{ RUN && off1<NREC && ep1<MAXE && nfull(L1) -> L1!G,seq1,0,16; seq1++; off1++ }
  :: atomic{ RUN && opened>ep0 && nfull(L0) -> ep0++; sOff0[KS(G,ep0)]=off0; L0!G,seq0,1,ep0; seq0++; ack[AX(G,ep0,0)]=true }
  :: atomic{ RUN && opened>ep1 && nfull(L1) -> ep1++; sOff1[KS(G,ep1)]=off1; L1!G,seq1,1,ep1; seq1++; ack[AX(G,ep1,1)]=true }
  /* coordinator opens an epoch; the last one only at the end of the input */
  :: atomic{ RUN && opened<MAXE && opened-row<INFLIGHT && (opened+1<MAXE || (off0==NREC&&off1==NREC)) -> opened++ }
  /* aggregator: rows are added, a marker blocks its input until the other has it too */
  :: atomic{ RUN && nempty(L0) && OPEN(blk0) -> L0?g,s,t,v;
       if :: !FRESH(g) :: else -> if :: !INSEQ(s,exp0) -> broken=true :: else -> exp0=s+1;
         if :: t==0 -> aggCur=aggCur+v :: else -> assert(v==aggEp+1); blk0=true fi fi fi; g=0;s=0;t=0;v=0 }
  :: atomic{ RUN && nempty(L1) && OPEN(blk1) -> L1?g,s,t,v;
       if :: !FRESH(g) :: else -> if :: !INSEQ(s,exp1) -> broken=true :: else -> exp1=s+1;
         if :: t==0 -> aggCur=aggCur+v :: else -> assert(v==aggEp+1); blk1=true fi fi fi; g=0;s=0;t=0;v=0 }
  :: atomic{ RUN && blk0 && blk1 && !pw && len(LK)<QL-1 -> aggEp++; aggCum=aggCum+aggCur;
       LK!G,seqA,0,aggCur; LK!G,seqA+1,1,aggEp; seqA=seqA+2; aggCur=0; blk0=false; blk1=false; pw=true; pwe=aggEp; pwv=aggCum;
#ifdef BUG_ACK_BEFORE_SNAP
       ack[AX(G,aggEp,2)]=true
#endif
     }
  :: atomic{ pw -> sAgg[KS(G,pwe)]=pwv; sAggOk[KS(G,pwe)]=true; ack[AX(G,pwe,2)]=true; pw=false; pwe=0; pwv=0 }
  :: atomic{ zw -> sAgg[KS(zwg,zwe)]=zwv; sAggOk[KS(zwg,zwe)]=true; zw=false; zwg=0; zwe=0; zwv=0 }
  :: atomic{ zw -> zw=false; zwg=0; zwe=0; zwv=0 }
  /* sink: stage on a marker */
  :: atomic{ RUN && nempty(LK) -> LK?g,s,t,v;
       if :: !FRESH(g) :: else -> if :: !INSEQ(s,expK) -> broken=true :: else -> expK=s+1;
         if :: t==0 -> kCur=kCur+v :: else ->
#ifdef BUG_STAGEKEY
           stg[KT(G,v)]=stg[KT(G,v)]+kCur;
#else
           stg[KT(G,v)]=kCur;
#endif
           stgOk[KT(G,v)]=true; kCur=0; ack[AX(G,v,3)]=true fi fi fi; g=0;s=0;t=0;v=0 }
  ACKS(0)
#if FAULTS+LOSSES>=1
  ACKS(1)
#endif
#if FAULTS+LOSSES>=2
  ACKS(2)
#endif
#if FAULTS+LOSSES>=3
  ACKS(3)
#endif
  /* the commit point: one durable, conditional write; in epoch order (I10) */
  :: atomic{ RUN && C<opened && ALL(C+1) -> assert(sAggOk[KS(G,C+1)]); assert(stgOk[KT(G,C+1)]); C++; dG[C]=G;
       acked[C*4]=false; acked[C*4+1]=false; acked[C*4+2]=false; acked[C*4+3]=false;
#ifdef BUG_GC_EARLY
       stgOk[KT(G,C)]=false
#endif
     }
  /* the sink commits what is decided, in order */
  :: atomic{ RUN && row<C -> apply(dG[row+1],row+1); visible_ok() }
#ifdef BUG_COMMIT_BEFORE_DURABLE
  :: atomic{ RUN && row==C && C<opened && ALL(C+1) -> apply(G,C+1); visible_ok() }
#endif
#ifdef BUG_COMMIT_NOGEN
  /* a sink of the dead generation still holds its stage of the same epoch number and hears COMMIT(e) without generation */
  :: atomic{ RUN && row<C && dG[row+1]==G && G>0 && stgOk[KT(G-1,row+1)] -> apply(G-1,row+1); visible_ok() }
#endif
#ifdef BUG_NONIDEMPOTENT
  /* the answer to a commit was lost and it is sent again, without an epoch row to stop it */
  :: atomic{ C>0 && row==C && faults>0 -> faults--; ext=ext+stg[KT(dG[C],C)]; visible_ok() }
#endif
  /* recovery of the sink: everything decided is committed, everything else discarded, before any new stage (I5) */
#ifdef BUG_ABORT_STAGED
  :: atomic{ resolving && row<C -> row=C; visible_ok() }
#elif defined(BUG_ONLY_NEWEST)
  :: atomic{ resolving && row<C -> apply(dG[C],C); visible_ok() }
#else
  :: atomic{ resolving && row<C -> apply(dG[row+1],row+1); visible_ok() }
#endif
  :: atomic{ resolving && row==C ->
#ifdef BUG_RECOMMIT
       if :: C>0 -> ext=ext+stg[KT(dG[C],C)] :: else fi;
#endif
       visible_ok(); resolving=false }
  /* the COMMIT that was under way to a sink now dead: the epoch row decides */
#ifdef BUG_ZOMBIE_COMMIT
  :: atomic{ zc>0 -> ext=ext+stg[KT(dG[zc],zc)]; zc=0; visible_ok() }
#else
  :: atomic{ zc>0 -> if :: row+1==zc -> apply(dG[zc],zc) :: else fi; zc=0; visible_ok() }
#endif
  :: atomic{ zc>0 -> zc=0 }
  /* faults: a crash at any step, also during recovery; a frame lost without a trace */
  :: atomic{ faults>0 -> faults--; rollback() }
  :: atomic{ losses>0 && nempty(L0) -> losses--; lossOpen=true; L0?_,_,_,_ }
  :: atomic{ losses>0 && nempty(LK) -> losses--; lossOpen=true; LK?_,_,_,_ }
  :: atomic{ broken -> rollback() }
  /* a lost tail is noticed by the epoch's progress deadline */
  :: atomic{ RUN && lossOpen && C<opened -> broken=true }
  /* end: all input visible exactly once */
  :: atomic{ C==MAXE && row==MAXE && !resolving -> assert(ext==17*NREC); assert(sOff0[AT(C)]==NREC && sOff1[AT(C)]==NREC); goto done }
  od;
  done: skip
}
