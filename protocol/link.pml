/* link.pml - one channel across a connection that breaks (docs/protocol.md, section 5).

     outlet --F--> inlet          frames: generation, seq, value
     outlet <--B-- inlet          grants: generation, resume?, consumed, expected, limit

   A reset turns what is under way into stale frames (FO, BO): any of them may be lost, arrive late, in any order,
   and DUPS times twice. Neither side is told of a reset. A frame costs 1, 2 or 0 rows (0 = a marker, which needs no
   credit); the window is W rows. A rollback moves the two sides to the next generation one after the other, both
   numbering from 0 again. Runs and mutants: README.md. */
#ifndef N
#define N 4         /* frames to carry */
#endif
#ifndef W
#define W 3         /* window in rows; at least the largest batch */
#endif
#ifndef RESETS
#define RESETS 2
#endif
#ifndef DUPS
#define DUPS 1      /* stale frames delivered twice */
#endif
#ifndef EARLY
#define EARLY 1     /* timers that fire too early */
#endif
#ifndef ROLLS
#define ROLLS 0     /* rollbacks */
#endif
#ifndef CAP
#define CAP 2       /* frames under way on one connection */
#endif
#define CUM(s) (3*((s)/3)+((s)%3)+((s)%3)/2)      /* rows in the frames before s: costs 1, 2, 0, 1, 2, 0 ... */
#define ROWS(s) (CUM((s)+1)-CUM(s))
#define VAL(g,s) (1+(g)*16+(s))

chan F =[CAP] of {byte,byte,byte};                chan FO=[2] of {byte,byte,byte};
chan B =[CAP] of {byte,bool,byte,byte,byte};      chan BO=[2] of {byte,bool,byte,byte,byte};
chan inbox=[N+1] of {byte};
byte G=0;                                       /* generation in force */
byte sg=0, nxt=0, high=0, base=0, limit=0;      /* outlet: next to send, first never sent, first not consumed, rows allowed */
byte kept[N];                                   /* outlet: the resend window [base, high) */
byte rg=0, exp=0, cons=0, told=0; bool asked=false; /* inlet: next expected, consumed, last consumed told, resume asked */
byte resets=RESETS, dups=DUPS, early=EARLY, rolls=ROLLS;
bool idle=false;                                /* the quiet-time timer has fired and nothing has moved since */
byte g,s,v,c,x,l; bool r;
#ifdef BUG_RESEND_CHARGES
byte spent=0;
#endif

/* I7. Everything sent was allowed, what is allowed fits the inlet's window, what is kept fits it too. */
#ifdef WEAK
#define I7() skip
#else
inline I7() {
  if :: sg==rg -> assert(base<=cons && cons<=exp && exp<=high && base<=nxt && nxt<=high);
                  assert(CUM(high)<=limit || high==0); assert(limit<=CUM(cons)+W); assert(CUM(high)-CUM(base)<=W)
     :: else fi }
#endif

#ifdef BUG_INCREMENTAL
#define LIMIT (told==0 && cons==0 && !opened -> W : CUM(cons)-CUM(told))
bool opened=false;
#elif defined(BUG_EARLY_GRANT)
#define LIMIT (CUM(exp)+W)
#else
#define LIMIT (CUM(cons)+W)
#endif
inline tell(re) {
#ifdef BUG_RESUME_CONSUMED
  if :: re -> exp=cons :: else fi;
#endif
  B!rg,re,cons,exp,LIMIT; told=cons;
#ifdef BUG_INCREMENTAL
  opened=true;
#endif
  if :: re -> asked=true :: else fi }

#ifdef BUG_NOGEN_FRAME
#define MINE_R(a) true
#else
#define MINE_R(a) ((a)==rg)
#endif
#ifdef BUG_NOGEN_GRANT
#define MINE_S(a) true
#else
#define MINE_S(a) ((a)==sg)
#endif
#ifdef BUG_NOSEQ
#define OLD(a) false
#define GAP(a) false
#elif defined(BUG_NOGAP)
#define OLD(a) ((a)<exp)
#define GAP(a) false
#else
#define OLD(a) ((a)<exp)
#define GAP(a) ((a)>exp)
#endif

inline arrive() {                               /* at the inlet: g,s,v */
  if :: !MINE_R(g) || OLD(s) -> skip            /* dropped and counted */
     :: MINE_R(g) && !OLD(s) && GAP(s) -> if :: !asked && nfull(B) -> tell(true) :: asked || full(B) fi
     :: MINE_R(g) && !OLD(s) && !GAP(s) ->
          inbox!v; asked=false; idle=false;
#ifdef BUG_NOGAP
          exp=s+1
#else
          exp++
#endif
  fi; g=0; s=0; v=0; assert(CUM(exp)-CUM(cons)<=W); I7() }              /* I9 */

inline told_by() {                              /* at the outlet: g,r,c,x,l */
  if :: !MINE_S(g) -> skip
     :: else ->
          if :: c>base -> base=c; idle=false :: else fi;
#ifdef BUG_INCREMENTAL
          limit=limit+l; if :: l>0 -> idle=false :: else fi;
#elif defined(BUG_LIMIT_LAST)
          if :: l!=limit -> limit=l; idle=false :: else fi;
#else
          if :: l>limit -> limit=l; idle=false :: else fi;
#endif
          if :: r && x>=base ->
#ifdef BUG_RESUME_PLUS1
               nxt=(x<high -> x+1 : x)
#else
               nxt=x
#endif
#ifdef BUG_STALE_BREAKS
             :: r && x<base -> assert(false)    /* takes a late request for "no longer in the window": a needless rollback */
#endif
             :: else fi;
#ifndef BUG_NOCLAMP
          if :: nxt<base -> nxt=base :: else fi;
#endif
          s=0; do :: s<base -> kept[s]=0; s++ :: else -> break od
  fi; g=0; r=0; c=0; x=0; l=0; s=0; I7() }

#ifdef BUG_RESEND_CHARGES
#define ROOM(q) (spent+ROWS(q)<=limit)
#define CHARGE(q) spent=spent+ROWS(q);
#define AGAIN(q) ROOM(q)
#else
#define ROOM(q) (CUM((q)+1)<=limit || ROWS(q)==0)
#define CHARGE(q)
#define AGAIN(q) true               /* sent again is not paid again: the limit is absolute */
#endif
#define QUIET (sg==G && rg==G && empty(F) && empty(FO) && empty(B) && empty(BO) && empty(inbox) && told>=cons && \
               !(nxt<high && AGAIN(nxt)) && !(nxt==high && high<N && ROOM(high)))
#define DONE (cons==N && base==N && limit==CUM(N)+W)

active proctype sys() {
  do
  /* outlet: again, or new */
  :: atomic{ nxt<high && AGAIN(nxt) && nfull(F) -> CHARGE(nxt) assert(kept[nxt]!=0); F!sg,nxt,kept[nxt]; nxt++; I7() }
  :: atomic{ nxt==high && high<N && ROOM(high) && nfull(F) -> CHARGE(high)
       F!sg,high,VAL(sg,high);
#ifndef BUG_TRIM_SENT
       kept[high]=VAL(sg,high);
#endif
       high++; nxt++; I7() }
  /* inlet: a frame of this connection, or a stale one */
  :: atomic{ nempty(F) -> F?g,s,v; arrive() }
  :: atomic{ nempty(FO) -> FO?g,s,v; arrive() }
  :: atomic{ nempty(FO) && dups>0 -> dups--; FO?<g,s,v>; arrive() }
  :: atomic{ len(FO)==2 -> FO?g,s,v; FO!g,s,v; FO?g,s,v; arrive() }               /* the younger one first */
  :: atomic{ nempty(FO) -> FO?_,_,_ }
  /* inlet: consume, in exactly the order sent; grant */
  :: atomic{ nempty(inbox) -> inbox?v; assert(v==VAL(rg,cons)); v=0; cons++; I7() }
  :: atomic{ told<cons && nfull(B) -> tell(false) }
  /* outlet: a grant of this connection, or a stale one */
  :: atomic{ nempty(B) -> B?g,r,c,x,l; told_by() }
  :: atomic{ nempty(BO) -> BO?g,r,c,x,l; told_by() }
  :: atomic{ nempty(BO) && dups>0 -> dups--; BO?<g,r,c,x,l>; told_by() }
  :: atomic{ len(BO)==2 -> BO?g,r,c,x,l; BO!g,r,c,x,l; BO?g,r,c,x,l; told_by() }
  :: atomic{ nempty(BO) -> BO?_,_,_,_,_ }
  /* the connection breaks */
  :: atomic{ resets>0 -> resets--; idle=false;
       do :: nempty(F) && nfull(FO) -> F?g,s,v; FO!g,s,v :: nempty(F) -> F?_,_,_ :: empty(F) -> break od;
       do :: nempty(B) && nfull(BO) -> B?g,r,c,x,l; BO!g,r,c,x,l :: nempty(B) -> B?_,_,_,_,_ :: empty(B) -> break od;
       g=0; s=0; v=0; r=0; c=0; x=0; l=0 }
  /* rollback: the generation moves on, each side follows when it hears of it */
  :: atomic{ rolls>0 -> rolls--; G++ }
  :: atomic{ sg<G -> sg=G; nxt=0; high=0; base=0; limit=0; idle=false; s=0; do :: s<N -> kept[s]=0; s++ :: else -> break od; s=0
#ifdef BUG_RESEND_CHARGES
       ; spent=0
#endif
     }
  :: atomic{ rg<G -> rg=G; exp=0; cons=0; told=0; asked=false; idle=false; do :: nempty(inbox) -> inbox?_ :: empty(inbox) -> break od
#ifdef BUG_INCREMENTAL
       ; opened=false
#endif
     }
  /* the inlet's timer: too early, or when all is quiet. A second one in the quiet with nothing moved is a deadlock. */
  :: atomic{ early>0 && nfull(B) -> early--; tell(true) }
#ifndef BUG_NO_TIMER
  :: atomic{ QUIET && !DONE -> assert(!idle); idle=true; tell(true) }
#endif
  /* end: all consumed, all credit back */
  :: atomic{ QUIET && DONE -> break }
  od
}
