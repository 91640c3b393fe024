/* coordinator.pml - who may decide an epoch (docs/protocol.md, sections 9 and 11).

   Two coordinators that know nothing of each other, one MetaStore, two sinks. Requests to the store may be answered
   late, out of order or never, and may take effect after their sender has given up or died. Safety only: nothing
   visible that was not decided, nothing decided that is lost, every epoch decided once. Runs and mutants: README.md. */
#ifndef STARTS
#define STARTS 3    /* coordinator processes started in all */
#endif
#ifndef MAXE
#define MAXE 2
#endif
#define NG (STARTS+1)
#define NE (MAXE+1)
#define ST(k,g,e) (((k)*NG+(g))*NE+(e))

/* the store */
byte G=0, C=0; byte dG[NE];
/* the sinks: generation heard, epoch row, staged output, who made epoch e visible (generation + 1) */
byte sg[2], row[2]; bool stg[2*NG*NE]; byte vis[2*NE];
/* the coordinators: 0 down, 1 loaded, 2 bump asked, 3 leading, 4 commit asked */
byte st[2], inc[2], read[2], mg[2], mc[2]; bool res[4], ok[4];
chan REQ=[3] of {byte,byte,byte,byte,byte};     /* coordinator, its incarnation, 1 bump | 2 commit, generation, epoch */
bool com[2*NG*NE];                              /* COMMIT(g,e) under way to sink k */
byte starts=STARTS; byte w,n,t,g,e,k,i;

#ifdef BUG_PUT_UNCONDITIONAL
#define MAY_PUT (e==C+1)
#else
#define MAY_PUT (g==G && e==C+1)
#endif
#ifdef BUG_BUMP_BLIND
#define MAY_BUMP true
#else
#define MAY_BUMP (g==G)
#endif
#ifdef BUG_NO_FENCE
#define FENCED(a,b) false
#else
#define FENCED(a,b) (sg[b]>mg[a])
#endif

inline reveal(kk,gg,ee) {                         /* one transaction in the external system: output and epoch row */
  assert(ee<=C && dG[ee]==gg && stg[ST(kk,gg,ee)]); vis[(kk)*NE+ee]=gg+1; stg[ST(kk,gg,ee)]=false; row[kk]=ee }

inline drop(kk,gg,ee) {                         /* never what is decided and not yet visible */
  assert(!(stg[ST(kk,gg,ee)] && ee<=C && dG[ee]==gg)); stg[ST(kk,gg,ee)]=false }

inline serve() {                                /* the store takes w,n,t,g,e */
  if :: t==1 && MAY_BUMP -> G=g+1;
          if :: inc[w]==n && st[w]==2 -> mg[w]=G; st[w]=3;
#ifndef BUG_STALE_C
               mc[w]=C;                         /* as of the bump, not as of the load before it */
#endif
             :: else fi
     :: t==2 && MAY_PUT -> assert(stg[ST(0,g,e)] && stg[ST(1,g,e)]); C=e; dG[e]=g;     /* I4 */
          if :: inc[w]==n && st[w]==4 -> mc[w]=e; com[ST(0,g,e)]=true; com[ST(1,g,e)]=true; ok[w*2]=false; ok[w*2+1]=false; st[w]=3
             :: else fi
     :: else -> if :: inc[w]==n && (st[w]==2 || st[w]==4) -> st[w]=0 :: else fi
  fi; w=0; n=0; t=0; g=0; e=0 }

#define SINK(a,b) \
  /* a leader first resolves every sink: what is decided becomes visible, the rest is dropped (I5) */ \
  :: atomic{ st[a]==3 && !res[a*2+b] -> if :: FENCED(a,b) -> st[a]=0 \
       :: else -> sg[b]=mg[a]; \
            do :: row[b]<mc[a] -> reveal(b,dG[row[b]+1],row[b]+1) :: else -> break od; \
            g=0; do :: g<NG -> e=mc[a]+1; do :: e<NE -> drop(b,g,e); e++ :: else -> break od; g++ :: else -> break od; \
            g=0; e=0; res[a*2+b]=true fi } \
  /* then it has the next epoch staged */ \
  :: atomic{ st[a]==3 && res[a*2] && res[a*2+1] && mc[a]<MAXE && row[b]==mc[a] && !ok[a*2+b] -> if :: FENCED(a,b) -> st[a]=0 \
       :: else -> stg[ST(b,mg[a],mc[a]+1)]=true; ok[a*2+b]=true fi }

#define COORD(a) \
  :: atomic{ st[a]==0 && starts>0 -> starts--; inc[a]++; read[a]=G; mc[a]=C; mg[a]=0; \
       res[a*2]=false; res[a*2+1]=false; ok[a*2]=false; ok[a*2+1]=false; st[a]=1 } \
  :: atomic{ st[a]==1 && nfull(REQ) -> REQ!a,inc[a],1,read[a],0; st[a]=2 } \
  SINK(a,0) SINK(a,1) \
  :: atomic{ st[a]==3 && ok[a*2] && ok[a*2+1] && nfull(REQ) -> REQ!a,inc[a],2,mg[a],mc[a]+1; st[a]=4 } \
  /* killed at any point; or no answer in time: the outcome is unknown, so the process ends (D7) */ \
  :: atomic{ st[a]>0 && starts>0 -> st[a]=0 } \
  UNKNOWN(a)

#ifdef BUG_ABORT_UNKNOWN
#define UNKNOWN(a) :: atomic{ st[a]==4 -> drop(0,mg[a],mc[a]+1); drop(1,mg[a],mc[a]+1); ok[a*2]=false; ok[a*2+1]=false; st[a]=3 }
#elif defined(BUG_ASSUME_DONE)
#define UNKNOWN(a) :: atomic{ st[a]==4 -> mc[a]=mc[a]+1; com[ST(0,mg[a],mc[a])]=true; com[ST(1,mg[a],mc[a])]=true; ok[a*2]=false; ok[a*2+1]=false; st[a]=3 }
#else
#define UNKNOWN(a)
#endif

#define COMMIT(b,gg,ee) :: atomic{ com[ST(b,gg,ee)] -> com[ST(b,gg,ee)]=false; \
  if :: gg==sg[b] && row[b]+1==ee -> reveal(b,gg,ee) :: else fi }
#define COMMITS(gg,ee) COMMIT(0,gg,ee) COMMIT(1,gg,ee)

active proctype sys() {
end:
  do
  COORD(0)
  COORD(1)
  :: atomic{ nempty(REQ) -> REQ?w,n,t,g,e; serve() }
  :: atomic{ len(REQ)>=2 -> REQ?w,n,t,g,e; REQ!w,n,t,g,e; REQ?w,n,t,g,e; serve() }      /* overtaken */
  :: atomic{ nempty(REQ) -> REQ?w,n,t,g,e; if :: inc[w]==n && st[w]>0 -> st[w]=0 :: else fi; w=0;n=0;t=0;g=0;e=0 }  /* lost */
  COMMITS(1,1) COMMITS(1,2) COMMITS(2,1) COMMITS(2,2)
#if STARTS>=3
  COMMITS(3,1) COMMITS(3,2)
#endif
#if STARTS>=4
  COMMITS(4,1) COMMITS(4,2)
#endif
  /* the end: everything visible twice over, by the generation that decided it */
  :: atomic{ C==MAXE && row[0]==MAXE && row[1]==MAXE ->
       assert(vis[1]==dG[1]+1 && vis[2]==dG[2]+1 && vis[NE+1]==dG[1]+1 && vis[NE+2]==dG[2]+1); break }
  od
}
